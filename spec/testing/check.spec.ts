import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket, record, replay } from 'rx-graphql-ws/testing';
import { NEVER } from 'rxjs';

describe('the options of the test kit', () => {
  const fake = (options: unknown) => () => fakeSocket(options as object);

  it('may be undefined', () => {
    expect(fake({ ws: true, dialled: undefined })).not.to.throw();
  });

  const none = { toString: 1 };
  for (const [what, make, message] of [
    ['an unknown name', fake({ dialed: 1 }), 'fakeSocket: unknown option `dialed`: did you mean'],
    ['a name near none', fake(none), 'unknown option `toString`: there are dialled, received, ws'],
    ['no object', fake(null), 'expected `options of fakeSocket` to be an object, got null'],
    ['no boolean', fake({ ws: 1 }), 'expected `ws` to be a boolean, got 1'],
    ['no function', fake({ received: 'x' }), 'expected `received` to be a function, got "x"'],
    ['no recording yet', () => replay('', { sped: 1 } as object), 'replay: unknown option `sped`'],
    ['no function to redact', () => record(NEVER, { redact: 1 } as never), '`redact` to be a func'],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(make).to.throw(TypeError, message);
    });
});
