import { expect } from 'chai';
import type { Row } from '../row.js';
import { holds } from '../holds.js';
import { fails, faults, onEveryStart, play, row, survives, survivesDeaf } from './faults.js';

const { bytes, close } = faults;

const outlived = (section: string, ...codes: readonly number[]) =>
  codes.map((code): Row => row(`${section}-${code}`, `close ${code}`, survives, close(code)));
const fatal = (section: string, ...codes: readonly number[]) =>
  codes.map((code): Row =>
    row(
      `${section}-${code}`,
      `close ${code}`,
      fails('ConnectionClosedError', { code }),
      close(code),
    ),
  );

/** The server closes with 4400 whenever an operation of this name starts. */
const refusing = (row: Omit<Row, 'expect' | 'fault'>, ...names: readonly string[]): Row => {
  const heard: {
    readonly name: string;
    readonly ends: readonly unknown[];
    readonly rows: readonly number[];
  }[] = [];
  return {
    ...row,
    fault: async (stage) => {
      onEveryStart(stage, ({ request }) => {
        if (request.query.includes('Bad')) stage.server.close(4400, 'Syntax Error');
      });
      heard.push(...names.map(stage.subscribe));
      await holds(() => heard.some(({ ends }) => ends.length > 0), 10_000);
    },
    ...survives,
    check: async () => {
      const good = heard.slice(1);
      expect(await holds(() => good.every(({ rows }) => rows.length > 0))).to.equal(true);
      expect(heard[0]?.ends).to.have.length(1);
      expect(heard[0]?.ends[0]).to.include({ name: 'ConnectionClosedError', code: 4400 });
      expect(good.flatMap(({ ends }) => ends)).to.deep.equal([]);
    },
  };
};

/** Section D: closes after the ack, with two active subscriptions. */
export const closes: readonly Row[] = [
  ...outlived('D1', 1000),
  row('D2-1005', 'a close without a code', survives, close()),
  row('D2-1006', 'an end without a close', survives, { fault: ({ server }) => server.drop() }),
  row('D2-drain', 'close 1012, then refused for 1 s', survives, {
    also: ['E20'],
    fault: async ({ server, pause }) => {
      server.close(1012);
      await pause(20);
      await server.restart(1_000);
    },
  }),
  ...outlived('D4', 1002, 1003, 1007),
  ...outlived('D5', 1008),
  ...outlived('D6', 1009),
  ...fatal('D7', 1010),
  row('D7-1015', 'close 1015, which no server may send', survives, bytes({ close: 1015 })),
  ...outlived('D8', 3000, 3003, 3008),
  ...outlived('D9', 4000, 4099),
  row(
    'D9-shouldRetry',
    'close 4000, and `shouldRetry` says no',
    fails('ConnectionClosedError', { code: 4000 }),
    close(4000),
    {
      options: () => ({
        retry: { shouldRetry: (error) => !('code' in error && error.code === 4000) },
      }),
    },
  ),
  ...outlived('D10', 4400, 4500),
  refusing({ id: 'D10-one', name: 'an operation is refused with 4400' }, 'Bad'),
  refusing(
    { id: 'D10-several', name: 'one of three operations is refused with 4400' },
    'Bad',
    'Good',
    'Better',
  ),
  ...fatal('D11', 4401, 4406, 4409, 4429).map((row) => ({
    ...row,
    also: ['B11', 'B12', 'B13', 'C28'],
  })),
  row(
    'D11-4403-constant',
    'close 4403, with constant credentials',
    fails('ConnectionClosedError', { code: 4403 }),
    close(4403),
  ),
  ...outlived('D11', 4499),
  row(
    'D12-utf8',
    'a close reason of 123 bytes that are not UTF-8',
    survives,
    bytes('close-invalid-utf8'),
  ),
  row(
    'D12-escapes',
    'a close reason that a terminal would obey',
    fails('ConnectionClosedError', { code: 4999 }),
    bytes('close-escapes'),
    {
      echoed: true,
      options: () => ({ retry: { shouldRetry: () => false } }),
      check: ({ victim }) => expect((victim.ends[0] as Error).message).to.match(/^[ -~]*$/),
    },
  ),
  row('D13-no-fin', 'a close frame, and no FIN after it', survivesDeaf, bytes('close-no-fin')),
  play('D15-both', 'a close that crosses our own', async ({ server, client, victim }) => {
    victim.subscribe();
    expect(await holds(() => victim.rows.length > 0)).to.equal(true);
    server.close(1001);
    client.close();
    client.close();
    expect(await holds(() => server.ledger.sockets.length === 0, 1_000)).to.equal(true);
    expect(victim.ends).to.deep.equal(['completed']);
    expect(server.ledger.upgrades).to.have.length(1);
  }),
];
