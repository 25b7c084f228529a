import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import {
  createFlowControl as createBrowserFlowControl,
  followSocketPings,
  onceReading,
  whileReading,
} from '../../lib/connection/ws-abilities.browser.js';
import type { FlowControl } from '../../lib/connection/ws-abilities.js';
import { createFlowControl } from '../../lib/connection/ws-abilities.js';

/** The flow control of a socket, and what the socket is told. */
function controlled() {
  const calls: string[] = [];
  const state = { over: false };
  const socket = { pause: () => calls.push('pause'), resume: () => calls.push('resume') };
  return { control: createFlowControl(socket, () => state.over), calls, state };
}

function readingOf({ reading$ }: FlowControl): readonly boolean[] {
  const told: boolean[] = [];
  reading$.subscribe({ next: (reading) => told.push(reading), error: expect.fail });
  return told;
}

describe('followSocketPings', () => {
  it('shows and sends nothing in a browser', () => {
    expect(followSocketPings()).to.equal(undefined);
  });
});

describe('createFlowControl', () => {
  it('stops the socket with the first of several pauses, and starts it with the last resume', () => {
    const { control, calls } = controlled();
    const told = readingOf(control);
    control.pause();
    control.pause();
    control.resume();
    expect([calls, told]).to.deep.equal([['pause'], [true, false]]);
    expect(readingOf(control)).to.deep.equal([false]);
    control.resume();
    expect([calls, told]).to.deep.equal([
      ['pause', 'resume'],
      [true, false, true],
    ]);
  });

  it('does not stop a socket that is over, because the goodbye of the server must be read', () => {
    const { control, calls, state } = controlled();
    const told = readingOf(control);
    state.over = true;
    control.pause();
    expect([calls, told]).to.deep.equal([[], [true]]);
  });

  it('starts a socket that was over before the last resume', () => {
    const { control, calls, state } = controlled();
    control.pause();
    state.over = true;
    control.resume();
    expect(calls).to.deep.equal(['pause', 'resume']);
  });

  for (const [what, control] of [
    ['a socket that cannot stop reading', createFlowControl({}, () => false)],
    ["a browser's socket", createBrowserFlowControl()],
  ] as const)
    it(`always reads from ${what}`, () => {
      const told = readingOf(control);
      control.pause();
      expect([control.pausable, told]).to.deep.equal([false, [true]]);
      expect(readingOf(control)).to.deep.equal([true]);
    });

  it("leaves a watch over a browser's socket alone", () => {
    const watch$ = of(1);
    for (const operator of [whileReading, onceReading])
      expect(operator(createBrowserFlowControl(), watch$)).to.equal(watch$);
  });
});
