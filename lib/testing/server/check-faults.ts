import {
  type Check,
  checkAll,
  duration,
  isObject,
  isText,
  kindOf,
  must,
  mustReturn,
  optional,
  text,
  wholeNumber,
  wholeOrInfinity,
} from '../check.js';
import { fieldName, outsideFieldValue } from '../refusals.js';
import type { ServerFaults, SocketFaults } from './api/peer.js';

const texts = must(
  'an object of strings',
  (value) => isObject(value) && Object.values(value).every(isText),
  kindOf,
);

/** Checks headers. A line break in a value would end the header and begin another one. */
export const checkHeaders: Check = (name, headers) => {
  texts(name, headers);
  for (const [header, value] of Object.entries(headers as Readonly<Record<string, string>>))
    must(
      'a header of HTTP: its name a token, its value a line of Latin-1 characters',
      () => fieldName.test(header) && !outsideFieldValue.test(value),
      kindOf,
    )(`${name}.${header}`, value);
};

/** @param prefix - precedes the names of the members in messages */
function refusal(prefix: string, leastStatus: number): Check {
  const status = must(
    `an HTTP status from ${leastStatus} to 999`,
    (value) => Number.isInteger(value) && Number(value) >= leastStatus && Number(value) < 1_000,
  );
  const members = { status, headers: checkHeaders, body: text };
  return (name, value) => {
    checkAll(name, value, members, { prefix, kind: 'member' });
    status(`${prefix}status`, (value as { readonly status?: unknown }).status);
  };
}

const verdict = mustReturn(
  'nothing, a boolean or `{ status, headers, body }`',
  (value) => value === undefined || typeof value === 'boolean' || isObject(value),
);

/** Checks the result of `authorize`. A client would take 101 for a grant, and waits for more after 100. */
export const checkUpgradeVerdict: Check = (name, value) => {
  verdict(name, value);
  if (isObject(value)) refusal(`${name}().`, 200)(name, value);
};

const maxReasonBytes = 123;

/** @throws TypeError when RFC 6455 does not allow the code, or the reason has more than 123 bytes or no code */
function checkClose(code: unknown, reason: unknown): void {
  if (code !== undefined) closeCode('code', code);
  else if (reason !== undefined) throw new TypeError('expected `code` to be given with a `reason`');
  checkReason(reason);
}

/** Checks the reason of a close frame, which may be absent. */
function checkReason(reason: unknown): void {
  if (reason === undefined) return;
  text('reason', reason);
  const bytes = Buffer.byteLength(reason as string);
  if (bytes > maxReasonBytes)
    throw new TypeError(
      `expected \`reason\` to have at most ${maxReasonBytes} bytes, got ${bytes}`,
    );
}

/** Whether a close frame may carry the code: RFC 6455, section 7.4. */
export function isCloseCode(code: unknown): boolean {
  const number = Number.isInteger(code) ? (code as number) : 0;
  const registered = number >= 1000 && number <= 1014 && ![1004, 1005, 1006].includes(number);
  return registered || (number >= 3000 && number <= 4999);
}

const closeCode = must('a close code: 1000–1003, 1007–1014 or 3000–4999', isCloseCode);

const checkFrame = must('a text, bytes or a message', (frame) => isText(frame) || isObject(frame));
const checkTime = optional(duration);
const checkRefusal = refusal('', 100);

type CheckOf<F> = F extends (...args: infer Args extends readonly unknown[]) => unknown
  ? (...args: Args) => void
  : never;

/** Checks the arguments of faults. They are apart from the faults, because `script()` checks at once and acts later. */
const faultChecks: { readonly [K in keyof ServerFaults]?: CheckOf<ServerFaults[K]> } = {
  send: (...frames) => frames.forEach((frame, at) => checkFrame(`frames[${at}]`, frame)),
  close: checkClose,
  halfOpen: (forMs) => checkTime('forMs', forMs),
  silence: (forMs) => checkTime('forMs', forMs),
  failDials: (refusal, times) => {
    checkRefusal('refusal', refusal);
    optional(wholeOrInfinity(1))('times', times);
  },
  reject: (_payload, { code, reason } = {}) => {
    // A reason may stand alone, because the code has a default.
    checkClose(code === false ? undefined : code, undefined);
    checkReason(reason);
  },
  restart: (downFor) => checkTime('downFor', downFor),
  throttle: (times, retryAfter) => {
    optional(wholeOrInfinity(0))('times', times);
    optional(wholeNumber(0))('retryAfter', retryAfter);
  },
};

/** Runs the act of a fault, now or later. */
export type Run = (act: () => unknown) => unknown;

type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Makes methods that check their arguments and then run the fault. */
export function checked<F extends object>(
  faults: F,
  run: Run = (act) => act(),
  checks: object = faultChecks,
): F {
  const methods = Object.entries(faults as Methods).map(([name, act]) => [
    name,
    (...args: unknown[]) => {
      (checks as Partial<Methods>)[name]?.(...args);
      return run(() => act(...args));
    },
  ]);
  return Object.fromEntries(methods) as F;
}

const socketFaults = ['send', 'close', 'drop', 'stall', 'halfOpen', 'silence', 'resume'] as const;

/** Makes faults of each socket that `targets` lists. The list must not change while a fault acts, because a socket may close. */
export function faultsOfEach(targets: () => readonly SocketFaults[]): SocketFaults {
  const faults = socketFaults.map((name) => [
    name,
    (...args: unknown[]) =>
      targets().forEach((target) => (target[name] as Methods[string])(...args)),
  ]);
  return Object.fromEntries(faults) as SocketFaults;
}
