import { frozen } from './frozen.js';
import { lossy } from './lossy.js';
import { noticed } from './noticed.js';
import { resumes } from './resumes.js';
import { storm } from './storm.js';

export { directions } from './inject.js';
export { sabotages } from './programs.js';
export { faultKinds } from './schedule.js';

/** All there are, by name. */
export const scenarios = { storm, noticed, resumes, lossy, frozen } as const;
