#!/usr/bin/env node
import 'gemini-image/bin'
