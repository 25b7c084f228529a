import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler } from 'rxjs';
import { createStrikes, isStrike } from '../../lib/connection/strikes.js';
import { marked } from '../../lib/error-marks.js';
import {
  ConnectionClosedError,
  ConnectionError,
  HandshakeError,
  ProtocolError,
  SilentDisconnectError,
} from '../../lib/errors.js';
import { virtually } from '../helpers/virtually.js';

const closed = (code: number, cause?: unknown) =>
  new ConnectionClosedError(code, '', true, cause === undefined ? undefined : { cause });

describe('createStrikes', () => {
  it(
    'lets two faults a minute pass, and not a third',
    virtually(({ advance }) => {
      const strike = createStrikes();
      const passed = [0, 30_000, 29_999].map((pause) => {
        advance(pause);
        return strike();
      });
      expect(passed).to.deep.equal([true, true, false]);
    }),
  );

  it(
    'forgets a fault after a minute',
    virtually(({ advance }) => {
      const strike = createStrikes();
      for (let fault = 0; fault < 50; fault += 1) {
        expect(strike(), `fault ${String(fault)}`).to.equal(true);
        advance(30_000);
      }
    }),
  );

  it('forgets what a clock that was put back places in the future', () => {
    const { now } = asyncScheduler;
    let time = 1e12;
    asyncScheduler.now = () => time;
    try {
      const strike = createStrikes();
      strike();
      strike();
      time -= 3_600_000;
      expect(strike()).to.equal(true);
    } finally {
      asyncScheduler.now = now;
    }
  });
});

describe('isStrike', () => {
  for (const code of [1002, 1003, 1007, 1008, 1009])
    it(`is close code ${String(code)}`, () => {
      expect(isStrike(closed(code))).to.equal(true);
    });
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4400, 4408, 4500, 4999])
    it(`is not close code ${String(code)}`, () => {
      expect(isStrike(closed(code))).to.equal(false);
    });

  it('is a malformed frame', () => {
    expect(isStrike(new ProtocolError('malformed', '{'))).to.equal(true);
  });

  it('is what `ws` found in a frame', () => {
    const cause = Object.assign(new Error('invalid'), { code: 'WS_ERR_UNEXPECTED_RSV_2_3' });
    expect(isStrike(closed(1006, cause))).to.equal(true);
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    expect(isStrike(closed(1006, reset))).to.equal(false);
  });

  it('is what was marked so', () => {
    expect(isStrike(marked(closed(4400), 'strike'))).to.equal(true);
    expect(isStrike(marked(closed(4400), 'culprit'))).to.equal(false);
  });

  it('is no fault of the network', () => {
    for (const error of [
      new ConnectionError('refused'),
      new HandshakeError('timeout', 'late'),
      new SilentDisconnectError('pong', 1),
    ])
      expect(isStrike(error)).to.equal(false);
  });
});
