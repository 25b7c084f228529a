import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readFileSync, writeFileSync } from 'node:fs';
import { runInside } from '../cli/rig/inside.js';

const file = 'docs/cli.md';
const page = readFileSync(file, 'utf8');
/** A command, and its help as the page shows it. */
const shown = /^<!-- help ?(\w*) -->\n\n```text\n([\s\S]*?)^```$/gm;

async function helpOf(command: string): Promise<string> {
  const args = command ? [command, '--help'] : ['--help'];
  const { code, out, err } = await runInside({}, ...args);
  expect([code, err]).to.deep.equal([0, '']);
  return out;
}

describe(file, () => {
  it('shows the help of each command as it is (UPDATE_HELP=1 rewrites it)', async () => {
    const commands = [...page.matchAll(shown)].map(([, command = '']) => command);
    const listed = (await helpOf('')).split('\nCommands:\n')[1] ?? '';
    const known = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, command]) => command);
    expect(commands).to.include.members(['', ...known]);
    const helps = new Map<string, string>();
    for (const command of commands) helps.set(command, await helpOf(command));
    const fresh = page.replace(
      shown,
      (_match, command: string) =>
        `<!-- help${command && ` ${command}`} -->\n\n\`\`\`text\n${helps.get(command) ?? ''}\`\`\``,
    );
    if (process.env.UPDATE_HELP) writeFileSync(file, fresh);
    else expect(page).to.equal(fresh);
  });

  it('uses options that there are, and the name that npx knows', async () => {
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
    const commands = blocks
      .join('')
      .split('\n')
      .filter((line) => line.includes('npx '));
    expect(commands).to.not.be.empty;
    for (const line of commands) {
      expect(line).to.match(/npx rx-graphql-ws /);
      const [, command = ''] = /npx rx-graphql-ws (ping|replay|serve) /.exec(line) ?? [];
      const help = await helpOf(command);
      for (const [option] of line.matchAll(/(?<= )--?[a-zA-Z][\w-]*/g))
        expect(help, line).to.match(new RegExp(`^ +(-\\w, )?${option}\\b`, 'm'));
    }
  });

  it('tells each exit code', async () => {
    const codes = [...page.matchAll(/^\| (\d) /gm)].map(([, code]) => Number(code));
    expect(codes).to.deep.equal([0, 1, 2, 3, 4]);
    expect(await helpOf('')).to.match(/Exit codes: 0 .* 1 .* 2 .* 3 .* 4 /);
  });
});
