import { isObject } from '../check.js';
import type { HttpRefusal, Peer, Rejection, TokenControls } from './api/peer.js';
import type { ConnectionContext, TokenOptions } from './api/options.js';

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly reason: string;
}

const missing: Refusal = { status: 401, code: 4401, reason: 'token missing' };
const expired: Refusal = { status: 401, code: 4401, reason: 'token expired' };
const revoked: Refusal = { status: 403, code: 4403, reason: 'token revoked' };
const nocredit: Refusal = { status: 402, code: 4403, reason: 'No active billing period' };

type Request = Pick<ConnectionContext, 'url' | 'headers'>;

export type Tokens = ReturnType<typeof createTokens>;

/** Checks the tokens of clients. Without the option `tokens` every client is admitted, and none has a token. */
export function createTokens(option: boolean | TokenOptions) {
  const { in: place = 'url', closeCode = 4403 } = Object(option) as TokenOptions;
  const refused = new Map(Object.entries({ expired, revoked, nocredit }));
  const used = new Set<string>();
  const judge = (token: unknown): Refusal | undefined => {
    if (option === false) return undefined;
    if (typeof token !== 'string' || token === '') return missing;
    const refusal = refused.get(token);
    if (!refusal) used.add(token);
    return refusal;
  };
  const judgeRequest = (token: unknown): HttpRefusal | undefined => {
    const refusal = judge(token);
    return refusal && { status: refusal.status, body: refusal.reason };
  };
  const refuseUsed = (fault: keyof TokenControls, refusal: Refusal) => {
    if (option === false) throw new Error(`${fault}() needs the option \`tokens\``);
    for (const token of used) refused.set(token, refusal);
  };
  return {
    admitUpgrade: (request: Request) =>
      place === 'params' ? undefined : judgeRequest(findToken[place](request)),
    /** Admits a POST, whose token is in the URL or a header even if sockets have it elsewhere. */
    admitPost: (request: Request) =>
      judgeRequest(findToken.url(request) ?? findToken.header(request)),
    admitInit: (context: ConnectionContext): Rejection | undefined => {
      const refusal = place === 'params' ? judge(findToken.params(context)) : undefined;
      return refusal && { reject: { message: refusal.reason }, ...refusal };
    },
    tokenOf: (context: ConnectionContext): unknown =>
      option === false ? undefined : findToken[place](context),
    controls: (peers: () => readonly Peer[]): TokenControls => ({
      expireToken: () => {
        refuseUsed('expireToken', expired);
        for (const peer of peers()) peer.close(closeCode, expired.reason);
      },
      revokeToken: () => refuseUsed('revokeToken', revoked),
    }),
  };
}

const findToken = {
  url: ({ url }: Request) => new URL(url, 'ws://localhost').searchParams.get('token') ?? undefined,
  header: ({ headers }: Request) => /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1],
  params: ({ connectionParams: params }: ConnectionContext) =>
    isObject(params) ? params.token : undefined,
};
