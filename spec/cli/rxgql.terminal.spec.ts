import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, interval, map, NEVER, of } from 'rxjs';
import { runCommand } from '../helpers/run-program.js';
import { useServer } from '../helpers/use-server.js';
import { outcomeOf, useRxgql } from './rig/use-rxgql.js';

const numbers = (every = 20) => interval(every).pipe(map((n) => ({ data: { n } })));

describe('rxgql on a terminal', function () {
  this.timeout(60_000);
  this.slow(5_000);
  const serve = useServer();
  const rxgql = useRxgql();

  /** Starts the program on a pseudo-terminal. What both outputs show comes as one. */
  const startOnTerminal = (args: string, env: NodeJS.ProcessEnv = {}) =>
    runCommand(
      // a shell that waits would get the key's signal, too, and end with a code of its own
      ...(['script', ['-qefc', `exec ${rxgql.words} ${args}`, '/dev/null']] as const),
      { TERM: 'xterm', NO_COLOR: undefined, SHELL: '/bin/sh', ...env },
      // its end would be a key, too
      false,
    );
  const onTerminal = (args: string, env?: NodeJS.ProcessEnv) =>
    outcomeOf(startOnTerminal(args, env));

  it('shows a stall as an age that grows, and counts the reconnect and the gap', async () => {
    const server = await serve({
      handle: (_request, { peer }) => {
        if (peer.connection === 1) setTimeout(() => peer.stall(), 50);
        return concat(of({ data: { n: peer.connection } }), NEVER);
      },
    });
    const args = "'subscription { n }' --keep-alive-timeout 3s --take 2";
    const { code, out } = await onTerminal(`${server.url} ${args}`);
    expect(code).to.equal(0);
    expect(out).to.match(/last frame [12]\.\d s ago/);
    expect(out).to.contain('2 results, 1 reconnect, 1 gap\r\n');
  });

  for (const [what, args, env] of [
    ['--quiet', ' --quiet', {}],
    ['a terminal that cannot erase', '', { TERM: 'dumb' }],
    ['standard error elsewhere', ' 2>/dev/null', {}],
  ] as const)
    it(`shows results alone with ${what}`, async () => {
      const { url } = await serve({ handle: () => numbers(30) });
      const { out } = await onTerminal(`${url} 'subscription { n }' --take 2${args}`, env);
      expect(out).to.equal('{"data":{"n":0}}\r\n{"data":{"n":1}}\r\n');
    });

  it('ends at Ctrl-C with 0', async () => {
    const server = await serve({ handle: () => numbers(30) });
    const program = startOnTerminal(`${server.url} 'subscription { n }'`);
    await program.seen(/"n":3/);
    // `script` passes the key on to its terminal, which makes a signal of it
    program.child.stdin?.write('\u0003');
    expect(await program.exited).to.equal(0);
    await server.ledger.until('closed', ({ code }) => code === 1000);
  });
});
