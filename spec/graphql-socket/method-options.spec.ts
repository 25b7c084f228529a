import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLSocket } from '../../lib/graphql-socket.js';
import { bench } from '../helpers/bench.js';

describe('options of the methods', () => {
  const wrong: [string, (socket: GraphQLSocket) => unknown, string][] = [
    ['subscribe$', (socket) => socket.subscribe$('', { resendd: true } as never), 'resend'],
    ['subscribe$', (socket) => socket.subscribe$('', { sendWithin: 5 } as never), 'sendWithin'],
    [
      'subscribe$',
      (socket) => socket.subscribe$('', { errorPolicy: 'all' } as never),
      'errorPolicy',
    ],
    ['query$', (socket) => socket.query$('', { sendWithin: '5s' } as never), 'sendWithin'],
    ['mutate$', (socket) => socket.mutate$('', { resend: 1 } as never), 'resend'],
    ['execute$', (socket) => socket.execute$('', { errorPolicy: 'none' } as never), 'errorPolicy'],
    ['payload$', (socket) => socket.payload$('', { resend: 'yes' } as never), 'resend'],
  ];
  for (const [method, call, option] of wrong)
    it(`of ${method} are checked when it is called: \`${option}\``, () => {
      const { socket } = bench();
      expect(() => call(socket))
        .to.throw(Error, option)
        .with.property('name', 'ConfigurationError');
    });
});
