import { isObject } from '../check.js';
import type { BackfillOptions } from './backfill/answer-post.js';
import type { ConnectionContext } from './operation-handler.js';
import type { Peer } from './peer.js';
import type { Prepared, TokenControls } from './server-faults.js';
import type { HttpRefusal, Rejection, UpgradeRequest } from './verdict.js';

/** Options for the tokens of clients. */
export interface TokenOptions {
  /** `?token=` in the URL, `Authorization: Bearer …`, or `token` in the payload of `connection_init`. @defaultValue `'url'` */
  readonly in?: 'url' | 'header' | 'params' | undefined;
  /** The code with which `expireToken()` closes open sockets. @defaultValue 4403 */
  readonly closeCode?: 4403 | 4401 | undefined;
}

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly reason: string;
}

const missing: Refusal = { status: 401, code: 4401, reason: 'token missing' };
const expired: Refusal = { status: 401, code: 4401, reason: 'token expired' };
const revoked: Refusal = { status: 403, code: 4403, reason: 'token revoked' };
const noCredit: Refusal = { status: 402, code: 4403, reason: 'No active billing period' };

export type Tokens = ReturnType<typeof createTokens>;

/** Checks the tokens of clients. Without the option `tokens` every client is admitted, and none has a token. */
export function createTokens(option: boolean | TokenOptions = false) {
  const { in: place = 'url', closeCode = 4403 } = typeof option === 'object' ? option : {};
  const { judge, turn } = createRegister(option !== false);
  const shown = new WeakMap<Peer, string>();
  return {
    admitUpgrade: (request: Pick<UpgradeRequest, 'url' | 'headers'>) =>
      place === 'params' ? undefined : refuseRequest(judge(findToken[place](request))),
    /** Adds the check of POSTs, whose token is in the URL or a header even if sockets have it elsewhere. */
    guardPosts: <T extends { readonly backfill?: BackfillOptions | undefined }>(options: T): T => ({
      ...options,
      backfill: {
        ...options.backfill,
        authorize: (request) =>
          refuseRequest(judge(findToken.url(request) ?? findToken.header(request))) ??
          options.backfill?.authorize?.(request),
      },
    }),
    admitInit: ({ peer, connectionParams }: ConnectionContext): Rejection | undefined => {
      if (place !== 'params') return undefined;
      const token = isObject(connectionParams) ? connectionParams.token : undefined;
      const refusal = judge(token);
      if (!refusal) shown.set(peer, token as string);
      return refusal && { reject: { message: refusal.reason }, ...refusal };
    },
    tokenOf: (peer: Peer): string | undefined => {
      if (option === false) return undefined;
      return place === 'params' ? shown.get(peer) : findToken[place](peer);
    },
    controls: (peers: () => readonly Peer[]): Prepared<TokenControls> => ({
      expireToken: () => () => {
        turn('expireToken', expired);
        for (const peer of peers()) peer.close(closeCode, expired.reason);
      },
      revokeToken: () => () => turn('revokeToken', revoked),
    }),
  };
}

function createRegister(isOn: boolean) {
  const refused = new Map(Object.entries({ expired, revoked, nocredit: noCredit }));
  const used = new Set<string>();
  return {
    judge: (token: unknown): Refusal | undefined => {
      if (!isOn) return undefined;
      if (typeof token !== 'string' || token === '') return missing;
      const refusal = refused.get(token);
      if (!refusal) used.add(token);
      return refusal;
    },
    /** Refuses every token that was used. @param name - the fault, for the message */
    turn: (name: string, refusal: Refusal) => {
      if (!isOn) throw new Error(`${name}() needs the option \`tokens\``);
      for (const token of used) refused.set(token, refusal);
    },
  };
}

const findToken = {
  url: ({ url }: Pick<Peer, 'url'>) =>
    new URL(url, 'ws://localhost').searchParams.get('token') ?? undefined,
  header: ({ headers }: Pick<Peer, 'headers'>) =>
    /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1],
};

function refuseRequest(refusal: Refusal | undefined): HttpRefusal | undefined {
  return refusal && { status: refusal.status, body: refusal.reason };
}
