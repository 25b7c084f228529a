import { scenarios } from './scenarios.js';

const [name = '', short] = process.argv.slice(2);
const scenario = await scenarios[name]!();
process.send?.(await scenario({ short: short === 'short' }), () => {
  // what is still open would keep this process
  process.exit();
});
