import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** How many behaviours there are of each kind. */
const kinds = { AQ: 20, AE: 12, AS: 19, GE: 8, GS: 18, X: 34 };
const behaviours = Object.entries(kinds).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}${index + 1}`),
);

/** The tests of each behaviour. */
const tests = {
  'spec/bench/samples/slow-consumer.ts': 'AS7',
  'spec/cli/rxgql.ends.spec.ts': 'AS15 GS15 X24',
  'spec/connection/keep-alive-ping.spec.ts': 'X9',
  'spec/faults/rows/closes.ts': 'X17',
  'spec/faults/rows/consumers.ts': 'AQ10 X26',
  'spec/faults/rows/handshakes.ts': 'AQ16 AE7 GE6',
  'spec/faults/rows/messages.ts': 'AQ15',
  'spec/faults/rows/operations.ts': 'X27',
  'spec/graphql-socket/close.spec.ts': 'AS5 GS4 X15 X16',
  'spec/graphql-socket/credentials.spec.ts': 'X25 X31',
  'spec/graphql-socket/ids.spec.ts': 'AQ9 AQ14 X30',
  'spec/graphql-socket/negotiation.spec.ts': 'GS18 X33',
  'spec/graphql-socket/order.spec.ts': 'X29',
  'spec/graphql-socket/reconnecting.spec.ts':
    'AQ7 AQ19 AE3 AE9 AS6 AS18 GE3 GE8 GS5 GS17 X18 X19 X21 X22',
  'spec/graphql-socket/reentrancy.spec.ts': 'AS13 X28',
  'spec/graphql-socket/refused-init.spec.ts': 'AE8 GE7',
  'spec/graphql-socket/road.spec.ts': 'AQ1 AQ11 AE11 AS17 X32',
  'spec/graphql-socket/silence.spec.ts': 'AS10 AS11 GS7 GS8 GS9 GS10 GS11 GS13 X1 X8 X10 X20',
  'spec/graphql-socket/single.spec.ts': 'AQ8 X14',
  'spec/graphql-socket/status.spec.ts': 'GS12',
  'spec/graphql-socket/tolerance.spec.ts': 'AE4 AE5 AE6 AE10 GE4 GE5 X2 X3 X4 X5 X6 X7',
  'spec/graphql-socket/unsubscribe.spec.ts': 'AS3 AS4 GS2 GS3 X13',
  'spec/integration/peers/credentials.spec.ts': 'AQ12 AQ13',
  'spec/integration/peers/errors.spec.ts': 'AE1 AE2 GE1 GE2 X11',
  'spec/integration/peers/liveness.spec.ts': 'AS9',
  'spec/integration/peers/operations.spec.ts': 'AQ4 AQ5 AQ6 AQ18 AS1 AS2 AS8 GS1 GS6',
  'spec/integration/peers/restart.spec.ts': 'X23',
  'spec/integration/tls.spec.ts': 'AQ2 AQ3',
  'spec/operation/results.spec.ts': 'X12',
  'spec/transport/default-web-socket.spec.ts': 'X34',
};
const tested = Object.values(tests).flatMap((ids) => ids.split(' '));

/** The cells of a table's rows, under a heading of the page. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync('docs/gql-parity.md', 'utf8').split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

describe('gql parity', () => {
  const excused = table('Without counterpart');

  it('has each behaviour in a suite that exists, or has no counterpart: none is both, none is neither', () => {
    expect([...tested, ...excused.map(([id]) => id)]).to.have.members(behaviours);
    expect(Object.keys(tests).filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it('has a reason for each behaviour without a counterpart', () => {
    expect(excused).to.not.deep.equal([]);
    for (const [id, , reason = ''] of excused) expect(reason.length, id).to.be.greaterThan(5);
  });

  it('tests each behaviour that differs on purpose', () => {
    const ids = table('Where it differs on purpose').flatMap(([cell = '']) => cell.split(', '));
    expect(tested).to.include.members(ids);
    expect(ids).to.deep.equal([...new Set(ids)]);
    expect(ids).to.include.members(behaviours.filter((id) => id.startsWith('X')));
  });
});
