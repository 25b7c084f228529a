import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { createAccount, type Cell } from '../../lib/demo/account.js';
import type { Lane } from '../../lib/demo/lanes.js';
import {
  createRing,
  createView,
  figuresOf,
  isPerfect,
  laneLine,
  strip,
  sumOf,
} from '../../lib/demo/view.js';

function written(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, view: createView({ isTTY, write: (text) => texts.push(text) }) };
}

describe('the view of the demo', () => {
  const { NO_COLOR } = process.env;
  afterEach(() => {
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  });

  it('keeps what changes below what was printed', () => {
    const { texts, view } = written(true);
    view.print('one');
    view.paint(['a', 'b']);
    view.print('two');
    view.paint([]);
    expect(texts).to.deep.equal([
      'one\n',
      'a\nb\n',
      '\u001b[2A\u001b[Jtwo\na\nb\n',
      '\u001b[2A\u001b[J',
    ]);
  });

  it('prints without a terminal, and paints nothing', () => {
    const { texts, view } = written(false);
    view.paint(['a']);
    view.print('one');
    expect(texts.join('')).to.equal('one\n');
  });

  it('takes no client for perfect that has nothing, or has left a gap or a stream', () => {
    const account = createAccount(() => {});
    const lane = { name: 'ours', account, gaps: new Map(), billed: 0, isConnected: true, time: 0 };
    const judged = (changes: object) => isPerfect({ ...lane, ...changes } as Lane);
    expect(judged({})).to.equal(false);
    account.begin(1);
    account.take(1, false);
    account.settle(1);
    expect(laneLine(lane as unknown as Lane, 9)).to.match(
      /^rx-graphql-ws +● connected +1 received,/,
    );
    expect(judged({})).to.equal(true);
    expect(judged({ gaps: new Map([[1, false]]) })).to.equal(true);
    expect(judged({ gaps: new Map([[1, true]]) })).to.equal(false);
    expect(judged({ billed: 1 })).to.equal(false);
    account.take(1, false);
    expect(judged({})).to.equal(false);
  });

  it('marks the figures of a lane that are bad ones, and sums it up', () => {
    const account = createAccount(() => {});
    account.begin(1);
    for (const block of [1, 3, 3]) account.take(block, false);
    account.settle(3);
    const lane = {
      name: 'naive',
      account,
      gaps: new Map([[2, true]]),
      billed: 1,
    } as unknown as Lane;
    const figures = {
      sent: 3,
      received: 2,
      recovered: 0,
      missing: 1,
      duplicate: 1,
      gaps: 1,
      billed: 1,
    };
    const shown = figuresOf(lane);
    expect(Object.fromEntries(shown.map(({ label, figure }) => [label, figure]))).to.deep.equal(
      figures,
    );
    const bad = shown.filter(({ isBad }) => isBad).map(({ label }) => label);
    expect(bad).to.deep.equal(['missing', 'duplicate']);
    expect(sumOf(lane)).to.equal('A plain WebSocket: 1 of 3 blocks missing, 1 duplicate');
    lane.billed = 2;
    expect(figuresOf(lane).at(-1)).to.deep.equal({ label: 'billed', figure: 2, isBad: true });
  });

  it('keeps the latest blocks in a ring, with empty cells before the oldest', () => {
    const cells = Array<string>(6).fill('');
    const set = createRing(6, 2, (at, look) => (cells[at] = look));
    for (const block of [0, 1, 2, 3]) set(block, String(block));
    expect(cells).to.deep.equal(['0', '1', '2', '3', '', '']);
    set(5, '5');
    expect(cells).to.deep.equal(['', '1', '2', '3', '', '5']);
    set(4, 'late');
    expect(cells).to.deep.equal(['', '1', '2', '3', 'late', '5']);
    // its cell is the next to be emptied
    set(1, 'too late');
    expect(cells).to.deep.equal(['', '1', '2', '3', 'late', '5']);
  });

  it('shows the latest blocks, by signs in place of colours if NO_COLOR is set', () => {
    const cells = new Map<number, Cell>([
      [1, 'received'],
      [2, 'received'],
      [3, 'recovered'],
      [4, 'missing'],
      [5, 'duplicate'],
    ]);
    process.env.NO_COLOR = '1';
    expect(strip(cells, 6, 5)).to.equal('=+.2 ');
    delete process.env.NO_COLOR;
    const colours = [...strip(cells, 6, 5).matchAll(/\[(3\d)m▇/g)].map(([, colour]) => colour);
    expect(colours).to.deep.equal(['32', '33', '31', '34']);
  });
});
