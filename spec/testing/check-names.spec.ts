import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fakeSocket, replay } from 'rx-graphql-ws/testing';
import { checkNames } from '../../lib/testing/check-names.js';

describe('checkNames', () => {
  const check = (given: object) => () => {
    checkNames('fakeSocket', given, ['dialled', 'ws']);
  };

  it('lets known names pass, whatever they stand for', () => {
    expect(check({})).not.to.throw();
    expect(check({ ws: true, dialled: undefined })).not.to.throw();
  });

  it('names the one that was probably meant', () => {
    expect(check({ ws: true, dialed: 1 })).to.throw(
      TypeError,
      /^fakeSocket: unknown option `dialed`: did you mean `dialled`\?$/,
    );
  });

  it('lists what there is where none is near', () => {
    expect(check({ toString: 1 })).to.throw(
      TypeError,
      /^fakeSocket: unknown option `toString`: there are dialled, ws$/,
    );
  });
});

describe('unknown options', () => {
  const given = (options: object) => options;

  it('are refused by fakeSocket', () => {
    expect(() => fakeSocket(given({ dialed: () => undefined }))).to.throw(
      TypeError,
      'fakeSocket: unknown option `dialed`: did you mean `dialled`?',
    );
  });

  it('are refused by replay, before it reads the recording', () => {
    expect(() => replay('', given({ sped: 1 }))).to.throw(
      TypeError,
      'replay: unknown option `sped`: did you mean `speed`?',
    );
  });
});
