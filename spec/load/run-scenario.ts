import { scenarios } from './scenarios.js';

const [name = '', scale = '{}'] = process.argv.slice(2);
const load = scenarios[name];
if (!load) throw new Error(`no scenario "${name}"`);
const scenario = await load();
const figures = await scenario({ short: false, ...(JSON.parse(scale) as object) });
process.send?.(figures, () => {
  // whoever started this process ends it; what is still open would keep it
  process.exit();
});
