import { expect } from 'chai';
import { describe, it } from 'mocha';
import { atMost, percentile } from './figure.js';
import type { ClientLine } from './log-line.js';
import { countConnections, crashesIn, errorsOf, mostDials, reached, resumed } from './seen.js';

describe('the reports of a client', () => {
  const at = (at: number, line: object) => ({ at, client: 'c', ...line }) as ClientLine;
  const lines = [
    ...[0, 1_000, 9_999, 10_500, 10_900].map((ms) => at(ms, { type: 'dial' })),
    at(20, { type: 'event', event: 'acknowledged', connection: 1 }),
    at(30, { type: 'status', state: 'waiting', error: 'lost' }),
    at(40, { type: 'value', number: 7 }),
    at(50, { type: 'crash', error: 'boom' }),
  ];

  it('counts the most dials within 10 s, wherever these begin', () => {
    expect(mostDials(lines)).to.equal(4);
    expect(mostDials([])).to.equal(0);
  });

  it('tells what came after an instant, and that nothing came', () => {
    expect(reached(lines, 25, 'waiting')).to.equal(5);
    expect(reached(lines, 31, 'waiting')).to.equal(Infinity);
    expect(resumed(lines, 25)).to.equal(15);
    expect(resumed(lines, 41)).to.equal(Infinity);
  });

  it('has connections, errors and crashes', () => {
    expect(countConnections(lines)).to.equal(1);
    expect(errorsOf(lines)).to.deep.equal(['lost']);
    expect(crashesIn(lines)).to.deep.equal(['boom']);
  });
});

describe('figures', () => {
  it('take the nearest rank, and miss what never came', () => {
    const samples = Array.from({ length: 40 }, (_, index) => 40 - index);
    expect([0.5, 0.95, 1].map((p) => percentile(samples, p))).to.deep.equal([20, 38, 40]);
    expect(percentile([], 0.95)).to.equal(Infinity);
    expect(atMost('time', Infinity, 3_000, ' ms').met).to.equal(false);
    expect(atMost('time', 3_000, 3_000, ' ms').met).to.equal(true);
  });
});
