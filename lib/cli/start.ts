/** The program behind `npm start`. */
import { parseCommandLine, usage } from './command-line.js';
import { runDemo } from './run-demo.js';
import { runEndpoint } from './run-endpoint.js';
import { describeError } from './run-session.js';
import { createTerminal } from './terminal.js';

const command = parseCommandLine(process.argv.slice(2));
const terminal = createTerminal();

async function run(): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'mistake':
      terminal.note(command.message);
      process.stderr.write(`\n${usage}`);
      return 2;
    case 'demo':
      return runDemo(command.seconds, terminal);
    case 'endpoint':
      return runEndpoint(command, terminal);
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  terminal.note(describeError(error));
  process.exitCode = 1;
}
