import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bench } from '../helpers/bench.js';

describe('options of the methods', () => {
  const { socket } = bench();
  const wrong: [string, () => unknown, string][] = [
    ['subscribe$', () => socket.subscribe$('', { resendd: true } as never), 'resend'],
    ['subscribe$', () => socket.subscribe$('', { sendWithin: 5 } as never), 'sendWithin'],
    ['subscribe$', () => socket.subscribe$('', { errorPolicy: 'all' } as never), 'errorPolicy'],
    ['query$', () => socket.query$('', { sendWithin: '5s' } as never), 'sendWithin'],
    ['mutate$', () => socket.mutate$('', { resend: 1 } as never), 'resend'],
    ['execute$', () => socket.execute$('', { errorPolicy: 'none' } as never), 'errorPolicy'],
    ['payload$', () => socket.payload$('', { resend: 'yes' } as never), 'resend'],
  ];
  for (const [method, call, option] of wrong)
    it(`of ${method} are checked when it is called: \`${option}\``, () => {
      expect(call).to.throw(Error, option).with.property('name', 'ConfigurationError');
    });
});
