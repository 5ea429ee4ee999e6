import { configureGlobal } from 'fast-check'

/**
 * Property tests try the same values in every run, so that a run fails only for what changed.
 * `FC_SEED` names another seed; a failure prints the one that found it.
 */
configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1_965) })
