import type { Route } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { z } from 'zod';

export interface RandomRequest {
  method: string;
  path: string;
  body: string | undefined;
  contentType: string;
}

/** As much of JSON Schema as our contracts come to. */
const jsonSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
});

/** What hurts parsers, databases and arithmetic. */
const NASTY = [
  ...[
    '',
    '\0',
    'a\0b',
    '\ud800',
    '\u202e',
    "' OR 1=1 --",
    '../../etc/passwd',
    '%s%n',
    '${7*7}',
    'x'.repeat(5_000),
  ],
  ...[-1, 0, 1e308, -0, 2 ** 53, 0.1, Number.MIN_VALUE],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00', '0001-01-01T00:00:00+14:00', 'hub/echo', 'gpt-4'],
];

const nasty = fc.constantFrom<unknown>(...NASTY);
const anything = fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 }));

/** Values that are near what a schema asks for: right, nearly right, or nothing like it. */
function near(schema: unknown): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: right(jsonSchema.parse(schema)) },
    { weight: 1, arbitrary: anything },
  );
}

function right(schema: z.output<typeof jsonSchema>): fc.Arbitrary<unknown> {
  const { type, properties = {}, items = {}, anyOf, enum: choices, format } = schema;
  if (choices) return fc.constantFrom(...choices);
  if (anyOf) return fc.oneof(...anyOf.map(near));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => right({ ...schema, type: one })));
  const kinds: Record<string, () => fc.Arbitrary<unknown>> = {
    object: () => object(properties),
    array: () => fc.array(near(items), { maxLength: 4 }),
    string: () => text(format),
    integer: number,
    number,
    boolean: fc.boolean,
    null: () => fc.constant(null),
  };
  return kinds[type ?? '']?.() ?? anything;
}

const number = () => fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 200 }));

/** Its members, each there or not, and now and then one that nobody asked for. */
const object = (properties: Record<string, unknown>) =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, near(schema)])),
        { requiredKeys: [] },
      ),
      fc.option(fc.dictionary(fc.string({ maxLength: 8 }), anything, { maxKeys: 2 }), { freq: 6, nil: {} }),
    )
    .map(([known, unknown]) => ({ ...unknown, ...known }));

function text(format: string | undefined): fc.Arbitrary<unknown> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  return fc.oneof({ weight: 6, arbitrary: fc.string() }, { weight: 1, arbitrary: nasty });
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** What is sent as a body: mostly JSON near the contract, now and then no JSON at all. */
const bodyFor = ({ body }: Route): fc.Arbitrary<string | undefined> => {
  const document = body ? near(schemaOf(body)) : anything;
  return fc.oneof(
    { weight: 12, arbitrary: document.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: document.map((value) => JSON.stringify(value).slice(0, -1)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
};

const contentType = fc.oneof(
  { weight: 15, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-16',
      'text/plain',
      'multipart/form-data',
      'a/b',
      '',
    ),
  },
);

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Short enough for a request line: what is longer is refused before it is looked at. */
function search(query: unknown): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of entriesOf(query))
    parameters.append(name, typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return parameters.toString().slice(0, 4_000);
}

/** Requests to a route as its contract describes them, more or less. */
export const requestsTo = (route: Route): fc.Arbitrary<RandomRequest> => {
  const segment = fc
    .oneof(fc.uuid(), fc.string({ maxLength: 20 }))
    .map((value) => encodeURIComponent(value) || 'x');
  const query = route.query ? near(schemaOf(route.query)) : fc.constant({});
  return fc.record({
    method: fc.constant(route.method),
    path: fc
      .tuple(segment, query)
      .map(([id, values]) => `${route.path.replace(/:\w+/, id)}?${search(values)}`),
    body: route.method === 'GET' ? fc.constant(undefined) : bodyFor(route),
    contentType,
  });
};
