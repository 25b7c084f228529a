import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom } from 'rxjs';
import { failureOf } from '../../helpers/failure-of.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

describe('a stock server of graphql-ws whose hooks', () => {
  const start = useStockServer();
  const connect = useSocket();

  for (const [what, given] of [
    ['have `message: null`', { message: null, error: 'no hello today', code: 7 }],
    ['have an object as `message`', { message: { detail: ['no hello today'] }, code: 7 }],
  ] as const)
    it(`make errors that ${what} fails operations with their text`, async () => {
      const { url } = await start({ onError: () => [given] as never });
      const error = await failureOf(connect({ url }).query$('{ nonsense }'), 'OperationError');
      expect(error.message).to.equal('operation failed: no hello today');
      expect(error.errors).to.deep.equal([{ ...given, message: 'no hello today' }]);
    });

  for (const errors of [{}, '', false, []])
    it(`put \`errors: ${JSON.stringify(errors)}\` beside the data gives the data`, async () => {
      const { url } = await start({ onNext: () => ({ data: { hello: 'you' }, errors }) as never });
      const data = await firstValueFrom(connect({ url }).query$('{ hello }'));
      expect(data).to.deep.equal({ hello: 'you' });
    });

  it('put one error without a list beside the data fails the operation', async () => {
    const errors = { reason: 'no hello today' };
    const { url } = await start({ onNext: () => ({ data: { hello: null }, errors }) as never });
    const error = await failureOf(connect({ url }).query$('{ hello }'), 'OperationError');
    expect(error.message).to.equal('operation failed: no hello today');
    expect(error.data).to.deep.equal({ hello: null });
  });
});
