import { environment } from '../service/config.ts';

/** Does nobody wait for these tests? `.ci/run` repeats them with more of what is random and of what multiplies. */
export const IS_THOROUGH = environment()['THOROUGH_TESTS'] === 'true';

/** How many of something random a test tries: fewer where a developer waits for it. */
export const tries = (usually: number, thoroughly: number): number => (IS_THOROUGH ? thoroughly : usually);
