import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom, toArray } from 'rxjs';
import { failureOf } from '../../helpers/failure-of.js';
import { record } from '../../helpers/recording.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const invalid = '{ nonsense }';

for (const { name, attach, speaks } of peers) {
  describe(`errors from ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();
    const setUp = async () => {
      const { url } = await start(attach);
      return connect({ url, retry: false });
    };

    it('a document that is not valid is an OperationError', async () => {
      const socket = await setUp();
      for (const stream$ of [
        socket.query$(invalid),
        socket.subscribe$(`subscription ${invalid}`),
      ]) {
        const { errors } = await failureOf(stream$, 'OperationError');
        expect(errors).to.have.length(1);
        expect(errors[0]?.message).to.match(/Cannot query field "nonsense" on type/);
        expect(errors[0]?.locations?.[0]?.line).to.equal(1);
      }
    });

    if (speaks === 'graphql-transport-ws') {
      it('execute$ of a document that is not valid is an OperationError', async () => {
        const socket = await setUp();
        await failureOf(socket.execute$(invalid), 'OperationError');
      });

      it('a syntax error closes the socket with 4500', async () => {
        const socket = await setUp();
        const error = await failureOf(socket.query$('{ hello'), 'ConnectionClosedError');
        expect(error).to.include({ code: 4500, wasClean: true });
        expect(error.reason).to.match(/^Syntax Error/);
      });
    } else {
      it('execute$ of a document that is not valid emits a result with errors', async () => {
        const socket = await setUp();
        const { errors, data } = await lastValueFrom(socket.execute$(invalid));
        expect(errors?.[0]?.message).to.match(/Cannot query field "nonsense"/);
        expect(data).to.equal(undefined);
      });

      it('a syntax error is an OperationError', async () => {
        const socket = await setUp();
        const { errors } = await failureOf(socket.query$('{ hello'), 'OperationError');
        expect(errors[0]?.message).to.match(/^Syntax Error/);
      });
    }

    it('a variable that is missing is an OperationError', async () => {
      const socket = await setUp();
      const query = 'query Q($name: String!) { hello(name: $name) }';
      const { errors } = await failureOf(socket.query$({ query }), 'OperationError');
      expect(errors[0]?.message).to.match(/Variable "\$name" of required type/);
    });

    it('a resolver that throws is an OperationError with the partial data', async () => {
      const socket = await setUp();
      const error = await failureOf(socket.query$('{ broken hello }'), 'OperationError');
      expect(error.message).to.equal('operation failed: the resolver failed');
      expect(error.errors[0]?.path).to.deep.equal(['broken']);
      expect(error.data).to.deep.equal({ broken: null, hello: ['hello world'] });
    });

    it("errorPolicy 'ignore' lets the partial data pass", async () => {
      const socket = await setUp();
      const data$ = socket.query$('{ broken hello }', { errorPolicy: 'ignore' });
      expect(await lastValueFrom(data$)).to.deep.equal({ broken: null, hello: ['hello world'] });
    });

    for (const [what, field, message] of [
      ['an item that fails', 'brokenItem', 'the item failed'],
      ['an iterator that throws', 'brokenIterator', 'the iterator failed'],
    ] as const)
      it(`${what} ends its subscription, after what came before`, async () => {
        const socket = await setUp();
        const seen = record(socket.subscribe$(`subscription { ${field} }`));
        await seen.ended;
        expect(seen.values).to.deep.equal([{ [field]: 1 }]);
        expect(seen.error).to.include({
          name: 'OperationError',
          message: `operation failed: ${message}`,
        });
      });

    it('an item that fails does not end execute$', async () => {
      const socket = await setUp();
      const result$ = socket.execute$('subscription { brokenItem }');
      const seen = await lastValueFrom(result$.pipe(toArray()));
      expect(seen.map(({ data }) => data)).to.deep.equal([
        { brokenItem: 1 },
        { brokenItem: null },
        { brokenItem: 3 },
      ]);
      expect(seen[1]?.errors?.[0]?.message).to.equal('the item failed');
    });

    it('a subscription refused by its resolver is an OperationError', async () => {
      const socket = await setUp();
      const { errors } = await failureOf(
        socket.subscribe$('subscription { refused }'),
        'OperationError',
      );
      expect(errors[0]?.message).to.equal('subscribing was refused');
    });

    it('an operation that fails leaves its neighbours alone', async () => {
      const socket = await setUp();
      const neighbour = lastValueFrom(socket.query$('{ slow(ms: 40) }'));
      await failureOf(socket.query$(invalid), 'OperationError');
      await failureOf(socket.subscribe$('subscription { brokenIterator }'), 'OperationError');
      expect(await neighbour).to.deep.equal({ slow: 40 });
    });
  });
}
