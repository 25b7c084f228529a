import fc from 'fast-check';

/** Payloads of results: most are one. */
export const anyPayload: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 16, arbitrary: fc.nat(99).map((value) => ({ data: { value } })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      { data: null },
      { data: { __proto__x: 1 }, extensions: {} },
      { data: { value: 1 }, errors: [{ message: 'é'.repeat(100) }] },
      { errors: [{ message: 'no' }] },
      { extensions: {} },
      {},
      null,
      [],
      7,
      'text',
    ),
  },
);

/** Texts that are no messages, or odd ones. */
export const anyFrame: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '"x"',
    '1e999',
    '{',
    '{}',
    '\ufeff{"type":"ping"}',
    '{"type":1}',
    '{"type":null,"id":"1"}',
    '{"type":"next","payload":{"data":1}}',
    '{"type":"next","id":"","payload":{"data":1}}',
    '{"type":"data","id":null}',
    '{"type":"error"}',
    '{"type":"complete"}',
    '{"type":"complete","id":7}',
    '{"type":"constructor","id":"1"}',
    `{"type":"${'é'.repeat(80)}"}`,
    '{"__proto__":{"type":"ping"},"type":"ping"}',
  ),
  fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.json({ maxDepth: 1 }),
);
