import { killAtRandom } from './recovery/killed/kill-at-random.js';
for (let s = 1; s < 6; s++) console.log(new Date().toISOString(), s, await killAtRandom(50, s));
process.exit();
