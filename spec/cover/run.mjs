// Runs the compiled specs in three processes: most of those that use sockets or programs only wait.
import { sideBySide } from '../helpers/side-by-side.mjs';

const programs = 'cli,demo,docs';
const sockets = 'bitquery,integration,recovery,security,testing';
const specs = (folders) => `".cache/cover/spec/{${folders}}/**/*.spec.js"`;

await sideBySide(
  3,
  [
    specs(programs),
    specs(sockets),
    `".cache/cover/spec/**/*.spec.js" --ignore ${specs(`${programs},${sockets}`)}`,
  ].map((chosen) => `mocha --config spec/cover/.mocharc.json ${chosen}`),
);
