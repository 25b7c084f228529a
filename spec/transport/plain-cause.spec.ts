import { expect } from 'chai';
import { describe, it } from 'mocha';
import { plainCause } from '../../lib/transport/plain-cause.js';

const refused = (port: number) =>
  Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${port}`), {
    ...{ code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: '127.0.0.1', port },
  });

describe('plainCause', () => {
  it('is the error itself if it holds nothing else', () => {
    for (const error of [new Error('no'), new TypeError(''), refused(1)])
      expect(plainCause(error)).to.equal(error);
  });

  it('is what is no error as it is', () => {
    for (const value of [undefined, null, 'no', 1]) expect(plainCause(value)).to.equal(value);
  });

  it('is a copy without what else the error has, hidden or not', () => {
    const error = Object.assign(refused(1), {
      ...{ options: { password: 'secret' }, password: 'secret', [Symbol('agent')]: {} },
      // an object in the place of a text
      host: { password: 'secret' },
    });
    Object.defineProperty(error, 'domainEmitter', { value: { password: 'secret' } });
    const copy = plainCause(error) as Error;
    expect(copy).to.be.instanceOf(Error);
    expect(Reflect.ownKeys(copy)).to.have.members(
      Reflect.ownKeys(refused(1)).filter((key) => key !== 'host'),
    );
    expect({ ...(copy as object) }).to.deep.equal({ ...(refused(1) as object) });
    expect(copy).to.include({ message: error.message, stack: error.stack });
  });

  it('is without the cause of the cause', () => {
    const copy = plainCause(new Error('no', { cause: { password: 'secret' } }));
    expect(copy).to.include({ message: 'no' }).and.not.have.property('cause');
  });

  it('keeps one error for each address', () => {
    const errors = [refused(1), Object.assign(refused(2), { password: 'secret' })];
    const copy = plainCause(new AggregateError(errors, '')) as AggregateError;
    expect(copy.errors[0]).to.equal(errors[0]);
    expect({ ...(copy.errors[1] as object) }).to.deep.equal({ ...(refused(2) as object) });
  });

  it('quotes no credentials of a URL', () => {
    const error = new Error('no way to http://user:secret@proxy.example.org:8080/ nor ws://a@b');
    const { message, stack } = plainCause(error) as Error;
    expect(message).to.equal('no way to http://proxy.example.org:8080/ nor ws://b');
    expect(stack).to.include(message).and.not.include('secret');
  });
});
