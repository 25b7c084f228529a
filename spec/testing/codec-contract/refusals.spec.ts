import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ClientMessage, Codec, Payload, ServerMessage } from 'rx-graphql-ws';
import { ProtocolError } from 'rx-graphql-ws';
import type { CodecCase, CodecDialect } from 'rx-graphql-ws/testing';
import { codecContract } from 'rx-graphql-ws/testing';
import { good, goodDialect } from '../app-sync.js';

/** An error as a runner sees it. */
type Failure = Error & { readonly expected: unknown; readonly actual: unknown };
type Of<T extends { readonly type: string }, K> = Extract<T, { readonly type: K }>;
type Json = Record<string, unknown>;

// A fault may break the types, so that these functions may return anything.
type Encode = (message: ClientMessage) => unknown;
type Decode = (frame: string) => unknown;
type Read<Message = ServerMessage> = (message: Message, frame: string) => unknown;
type Pay = (payload: Payload, frame: string) => unknown;

const encoding = (encode: Encode) => ({ ...good, encode }) as Codec;
const decoding = (decode: Decode) => ({ ...good, decode }) as Codec;
const typeOf = (frame: string) => (JSON.parse(frame) as { type: string }).type;

const only =
  <K extends ClientMessage['type']>(type: K, encode: (message: Of<ClientMessage, K>) => unknown) =>
  (message: ClientMessage) =>
    message.type === type ? encode(message as Of<ClientMessage, K>) : good.encode(message);
function failureOf({ run }: CodecCase): Failure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error as Failure;
  }
}

describe('codecContract refuses a codec that', () => {
  const failed = new Set<string>();

  /** Expects that the case whose name contains `by` fails, with a message that contains `says`. */
  function refuse(fault: string, by: string, says: string, codec: Codec, given?: CodecDialect) {
    it(fault, () => {
      const cases = codecContract(codec, { ...goodDialect(), ...given });
      const refusing = cases.find(({ name }) => name.includes(by))!;
      const { name, message, expected, actual } = failureOf(refusing)!;
      expect(message).to.contain(says);
      expect(message).to.contain(
        `\n  expected  ${String(expected)}\n  actual    ${String(actual)}`,
      );
      expect(name).to.equal('AssertionError');
      failed.add(refusing.name);
    });
  }
  const encodes = (fault: string, by: string, says: string, encode: Encode) =>
    refuse(fault, by, says, encoding(encode));
  const subscribes = (
    fault: string,
    by: string,
    says: string,
    encode: (message: Of<ClientMessage, 'subscribe'>) => unknown,
  ) => encodes(fault, by, says, only('subscribe', encode));
  const requests = (fault: string, by: string, says: string, change: (request: Json) => unknown) =>
    subscribes(fault, by, says, (message) => {
      const { payload, ...start } = JSON.parse(good.encode(message)) as { payload: Json };
      const data = JSON.stringify(change(JSON.parse(payload.data as string) as Json));
      return JSON.stringify({ ...start, payload: { ...payload, data } });
    });
  const decodes = (fault: string, by: string, says: string, decode: Decode) =>
    refuse(fault, by, says, decoding(decode));
  const reads = (fault: string, by: string, says: string, read: Read) =>
    decodes(fault, by, says, (frame) => read(good.decode(frame), frame));
  const errs = (fault: string, says: string, read: Read<Of<ServerMessage, 'error'>>) =>
    reads(fault, 'all members of an error', says, (message, frame) =>
      message.type === 'error' ? read(message, frame) : message,
    );
  const pays = (fault: string, by: string, says: string, pay: Pay) =>
    reads(fault, by, says, (message, frame) =>
      message.type === 'next' ? { ...message, payload: pay(message.payload, frame) } : message,
    );

  const name = 'subprotocol is a name';
  refuse('has a subprotocol of two words', name, "'a b'", { ...good, subprotocol: 'a b' });
  refuse('has no subprotocol', name, 'undefined', { ...good, subprotocol: undefined as never });
  const nothing = 'an empty string: nothing is sent';
  refuse('cannot ping, but says so', 'canPing', nothing, { ...good, canPing: true });
  const unsaid = { ...good, canPing: undefined as never };
  refuse('does not say if it can ping', 'canPing', 'true or false', unsaid);

  subscribes('reads ids as numbers', 'ids of subscribe', '"id":null', (message) =>
    JSON.stringify(withNumber(JSON.parse(good.encode(message)) as object)),
  );
  const differs = 'another frame than that of {"type":"';
  const quoteless = only('complete', ({ id }) => `{"type":"stop","id":"${id}"}`);
  encodes('escapes no quotes', 'ids of complete', `${differs}complete","id":"/"}`, quoteless);
  encodes('escapes no quotes in JSON', 'JSON for every text', 'JSON, or an error', quoteless);
  encodes('escapes no half of a pair', 'surrogate pair', 'an escape, or an error', quoteless);
  const variable = '"variables":{"b":"a"}';
  requests('drops variables', 'texts in variables', variable, ({ variables, ...rest }) => rest);
  const named = '"operationName":"A"';
  requests('drops names', 'operation names', named, ({ operationName, ...rest }) => rest);
  subscribes('drops extensions', 'different extensions', '"extensions":{"a":1}', (message) =>
    good.encode({ ...message, payload: { ...message.payload, extensions: {} } }),
  );
  encodes(
    'drops connectionParams',
    'payloads of init',
    '{"token":"a"}',
    only('init', () => '{}'),
  );
  requests('changes white space', 'different documents', differs, ({ query, ...rest }) => ({
    ...rest,
    query: String(query).replace(/\s+/g, ' '),
  }));
  subscribes('writes objects as texts', 'no placeholder', '"v":"undefined"', ({ payload }) => {
    const variables: unknown = payload.variables;
    return `{"v":"${String(variables)}"}`;
  });
  const swallowed = 'an error, or frames that differ';
  encodes('swallows the errors of JSON', 'JSON cannot hold', swallowed, (message) => {
    try {
      return good.encode(message);
    } catch {
      return '{}';
    }
  });
  let count = 0;
  requests('counts', 'the same frame', 'count', (request) => ({ ...request, count: count++ }));
  subscribes('changes the message', 'message unchanged', 'the message after encode(', (message) =>
    good.encode(Object.assign(message, { id: message.id.padStart(3, '-') })),
  );
  encodes('writes nothing', 'a frame for subscribe', nothing, () => '');
  encodes('always throws', 'every type of message', 'actual    RangeError: no room', () => {
    throw new RangeError('no room');
  });
  const bigint = 'TypeError: Do not know how to serialize a BigInt';
  refuse('ignores the replacer', 'the replacer', bigint, good, { create: () => good });
  const braces = { create: () => encoding(() => '{}') };
  refuse('replaces everything', 'the replacer', "actual    '{}'", good, braces);
  const samples = 'the samples of `sends`';
  const init: CodecDialect = { sends: [[{ type: 'init' }, 'init']] };
  refuse('writes another frame than its sample', samples, `'{"type":"init"}'`, good, init);
  const silent: CodecDialect = { sends: [[{ type: 'complete', id: '1' }, undefined]] };
  refuse('writes a frame although its sample is nothing', samples, nothing, good, silent);
  const types = '["init","ping","pong","subscribe","complete","terminate"]\n  actual    []';
  refuse('has too few samples', 'a sample of every type', types, good, { sends: [] });

  const said = 'reads the samples of `says`';
  decodes(
    'throws a TypeError',
    said,
    'actual    TypeError: no {"type":"connection_ack"}',
    (frame) => {
      throw new TypeError(`no ${frame}`);
    },
  );
  const syntax = 'a message, or a ProtocolError\n  actual    SyntaxError: ';
  decodes('throws the errors of JSON.parse', 'text that is no frame', syntax, (frame) => {
    JSON.parse(frame);
    return good.decode(frame);
  });
  decodes('returns a cycle', said, 'actual    a value that JSON cannot hold', () => {
    const cycle: Json = {};
    return Object.assign(cycle, { cycle });
  });
  decodes('returns a function', said, 'actual    a function', (frame) => () => good.decode(frame));
  const polluted = 'nothing new\n  actual    ["polluted"]';
  reads('merges the frame', 'Object.prototype unchanged', polluted, (message, frame) => {
    merge({}, JSON.parse(frame));
    return message;
  });
  const broken = 'type unknown, or a ProtocolError here or of payload.decode()';
  decodes('reads with a regular expression', 'no JSON any more', broken, (frame) => {
    const [, type, id] = /"type":"(\w+)","id":"(\w+)"/.exec(frame) ?? [];
    return type === 'complete' ? { type, id } : good.decode(frame);
  });
  decodes('reads one form only', 'another order', 'actual    {"type":"unknown"}', (frame) =>
    /^\{"type":"\w+"(,"id":".+?")?(,"payload":.+)?\}$/s.test(frame)
      ? good.decode(frame)
      : { type: 'unknown', frame },
  );
  reads('keeps ids in an object', 'an end with any id', '"id":"none"', (message) => {
    if (!('id' in message)) return message;
    const ids: Record<string, string> = {};
    ids[message.id] = message.id;
    return { ...message, id: Object.keys(ids)[0] ?? 'none' };
  });
  const text = '.id\n  expected  a string that is not empty\n  actual    1';
  reads('has numbers as ids', 'an end with any payload', text, (message) =>
    message.type === 'complete' ? withNumber(message) : message,
  );
  let lastId = '1';
  const stray = '`complete` with a missing or wrong id';
  decodes(
    'takes an end without an id for the last',
    stray,
    'no message of an operation',
    (frame) => {
      const message = good.decode(frame);
      if ('id' in message) lastId = message.id;
      const isEnd = message.type === 'unknown' && typeOf(frame) === 'complete';
      return isEnd ? { type: 'complete', id: lastId } : message;
    },
  );
  decodes('remembers the last operation', 'after any other', ', again\n', (frame) => {
    const message = good.decode(frame);
    const id = lastId;
    if ('id' in message) lastId = message.id;
    return message.type === 'complete' ? { type: 'complete', id } : message;
  });
  reads('uses an object as a map', 'an unknown type', 'a message of the type', (message, frame) => {
    const types: Json = { ka: 'pong' };
    const type = types[typeOf(frame)];
    return message.type === 'unknown' && type ? { type } : message;
  });
  const strange = 'type unknown, or a ProtocolError\n  actual    {"type":"pong"}';
  reads('reads an unknown type as a pong', 'frames of `foreign`', strange, (message) =>
    message.type === 'unknown' ? { type: 'pong' } : message,
  );
  const refused = 'actual    ProtocolError: what?';
  reads('refuses an unknown type', said, refused, (message, frame) => {
    if (message.type === 'unknown') throw new ProtocolError('what?', frame);
    return message;
  });
  const whole = '.frame\n  expected  the frame as it came';
  reads('cuts an unknown frame', said, whole, (message, frame) =>
    message.type === 'unknown' ? { ...message, frame: frame.slice(0, 9) } : message,
  );
  reads('drops payloads', said, 'expected  {"type":"ack","payload":null}', ({ type, ...rest }) =>
    type === 'ack' ? { type } : { type, ...rest },
  );
  reads('adds payloads', said, 'actual    {"type":"ack","payload":{}}', (message) =>
    message.type === 'ack' ? { ...message, payload: message.payload ?? {} } : message,
  );
  errs('drops all errors', 'at least one error, each with a text', (message) => ({
    ...message,
    errors: [],
  }));
  errs('keeps the message of an error only', '[{"message":"m"},{"message":"n"}]', (message) => ({
    ...message,
    errors: message.errors.map((error) => ({ message: error.message })),
  }));
  errs('keeps the first error only', '{"message":"n"}', (message) => ({
    ...message,
    errors: message.errors.slice(0, 1),
  }));

  const results = 'a result with all its members';
  const ownText = 'its JSON as its text';
  const held = 'decoded late, more than once';
  pays('has no payload', results, 'an object with `text` and', () => undefined);
  const members = 'a result (data, errors, incremental or hasNext), or a';
  pays('gives the data as the result', results, members, ({ text, decode }) => ({
    text,
    decode: () => decode().data,
  }));
  pays('makes a result of anything', 'a payload that is no result', broken, ({ text }) => ({
    text,
    decode: () => ({ data: JSON.parse(text) as unknown }),
  }));
  const wanted = 'expected  a result\n  actual    ProtocolError: no results';
  const refusing: Read = (message, frame) => {
    if (message.type === 'next') throw new ProtocolError('no results', frame);
    return message;
  };
  reads('refuses every result', ownText, wanted, refusing);
  reads('refuses late results', held, '"type":"refused","reason":"ProtocolError: no res', refusing);
  pays('has the frame as the text of a result', ownText, `'{"type":"data"`, (payload, frame) => ({
    ...payload,
    text: frame,
  }));
  const same = ".payload.text\n  expected  '";
  pays('has another text for every id', ownText, same, (payload, frame) => ({
    ...payload,
    text: payload.text + ' '.repeat(frame.indexOf('"2"') + 1),
  }));
  pays('has no text', results, 'a string\n  actual    undefined', ({ decode }) => ({
    text: undefined,
    decode,
  }));
  const throws = 'a string\n  actual    ProtocolError: no text';
  pays('has a text that throws', results, throws, ({ decode }, frame) => ({
    get text() {
      throw new ProtocolError('no text', frame);
    },
    decode,
  }));
  let last: Payload | undefined;
  const other = 'after other frames\n  expected  {"data":"1"}\n  actual    {"data":"3"}';
  pays('has one payload for all results', held, other, (payload) => {
    last = payload;
    return {
      get text() {
        return last?.text;
      },
      decode: () => last?.decode(),
    };
  });
  pays('decodes once', held, 'actual    TypeError: no more', ({ text, decode }) => {
    let done = false;
    return {
      text,
      decode() {
        if (done) throw new TypeError('no more');
        done = true;
        return decode();
      },
    };
  });
  const unrevived = '"result":{"data":{"at":"1"}}';
  refuse('ignores the reviver', 'the reviver', unrevived, good, { create: () => good });

  it('is asynchronous or returns undefined, by every case that no other fault breaks', () => {
    const codec = { ...encoding(() => Promise.resolve('{}')), decode: () => undefined } as never;
    const messages = codecContract(codec, goodDialect()).flatMap((one) => {
      const failure = failureOf(one);
      if (failure) failed.add(one.name);
      return failure?.message ?? [];
    });
    expect(messages[0]).to.contain('actual    [object Promise]');
    const kinds = 'type ack, rejected, ping, pong, next, error, complete, unknown';
    expect(messages.at(-1)).to.contain(`a message of the ${kinds}\n  actual    undefined`);
    const cases = codecContract(good, goodDialect());
    expect(cases.filter((one) => !failed.has(one.name))).to.deep.equal([]);
  });
});

function withNumber<T extends { readonly id?: unknown }>(message: T) {
  return { ...message, id: Number(message.id) };
}

function merge(target: Json, source: unknown): void {
  for (const [key, value] of Object.entries(Object(source) as object)) {
    const child = target[key];
    if (Object(value) !== value) target[key] = value as unknown;
    else merge((Object(child) === child ? child : (target[key] = {})) as Json, value);
  }
}
