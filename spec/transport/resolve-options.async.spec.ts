import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom } from 'rxjs';
import { resolveOptions } from '../../lib/transport/resolve-options.js';
import { failureOf } from '../helpers/failure-of.js';

const resolve$ = (url: unknown) => resolveOptions({ url }, { attempt: 0, error: undefined });
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

async function* values(closed: string[]) {
  try {
    await tick();
    yield 'first';
    yield 'second';
  } finally {
    closed.push('closed');
  }
}

/** The reader of a stream whose chunks cannot be iterated over, as browsers have it. */
const readerOf =
  (...chunks: string[]) =>
  () => ({
    read: () => Promise.resolve({ done: chunks.length === 0, value: chunks.shift() }),
    releaseLock: () => undefined,
  });

describe('resolveOptions', () => {
  const inputs: [what: string, value: unknown][] = [
    ['a promise of a function', async () => (await tick(), 'first')],
    ['a promise', Promise.resolve('first')],
    ['a thenable', () => ({ then: (resolve: (value: string) => void) => resolve('first') })],
    ['an async iterable', () => values([])],
    ['an iterable', () => new Set(['first', 'second'])],
    ['a stream that is not iterable', () => ({ getReader: readerOf('first', 'second') })],
    ['a stream', () => new Blob(['first']).stream().pipeThrough(new TextDecoderStream())],
  ];
  for (const [what, value] of inputs)
    it(`takes the first value of ${what}`, async () => {
      expect(await firstValueFrom(resolve$(value))).to.deep.equal({ url: 'first' });
    });

  it('takes no more than the first value of an async iterable', async () => {
    const closed: string[] = [];
    await firstValueFrom(resolve$(() => values(closed)));
    await tick();
    expect(closed).to.deep.equal(['closed']);
  });

  const cause = new Error('secret');
  const failing: [how: string, value: () => unknown, cause: string][] = [
    ['a promise rejects', () => Promise.reject(cause), 'Error'],
    [
      'an async iterable throws',
      async function* () {
        await tick();
        throw cause;
      },
      'Error',
    ],
    ['an async iterable is empty', async function* () {}, 'EmptyError'],
    ['an iterable is empty', () => new Set(), 'EmptyError'],
  ];
  for (const [how, value, name] of failing)
    it(`errors when ${how}, and does not show why`, async () => {
      const error = await failureOf(resolve$(value), 'ConnectionError');
      expect(error.message).to.equal('could not connect: `url` did not give a value');
      expect(error.cause).to.have.property('name', name);
    });
});
