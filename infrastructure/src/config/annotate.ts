import { stringify } from 'yaml';
import { z } from 'zod';
import { configSchema } from './schema.ts';

/** JSON Schema as far as the annotated file is made from it. */
interface Shape {
  description?: string | undefined;
  examples?: unknown[] | undefined;
  default?: unknown;
  properties?: Record<string, Shape> | undefined;
  items?: Shape | undefined;
}

const shapeSchema: z.ZodType<Shape> = z.object({
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), shapeSchema).optional();
  },
  get items() {
    return shapeSchema.optional();
  },
});

const root = (): Shape => shapeSchema.parse(z.toJSONSchema(configSchema, { io: 'input' }));

const HEAD = `# What the machines shall be. hubctl reads this file, refuses what it does not know, and changes nothing before a plan
# was shown. Secrets do not belong here: they are named, and kept encrypted.
`;

/** The example, made from the schema's own examples and defaults; production is left out. */
export const exampleFile = (): string => annotate(exampleOf(root()));

/** A configuration as YAML, each field below what the schema says of it. */
export function annotate(value: unknown): string {
  return `${HEAD}\n${block(value, root(), '').join('\n')}\n`;
}

function exampleOf(shape: Shape): unknown {
  if (shape.properties) {
    const told = Object.entries(shape.properties).filter(([, inner]) => inner.description !== undefined);
    return Object.fromEntries(told.map(([name, inner]) => [name, exampleOf(inner)]));
  }
  if (shape.items?.properties) return [exampleOf(shape.items)];
  return shape.examples?.[0] ?? shape.default;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const scalar = (value: unknown) => stringify(value, { lineWidth: 0 }).trimEnd();

function block(value: unknown, shape: Shape | undefined, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => listItem(item, shape?.items, indent));
  if (!isObject(value)) return [`${indent}${scalar(value)}`];
  return Object.entries(value).flatMap(([name, inner]) =>
    field(name, inner, shape?.properties?.[name], indent),
  );
}

function field(name: string, value: unknown, shape: Shape | undefined, indent: string): string[] {
  const comment = shape?.description === undefined ? [] : [`${indent}# ${shape.description}`];
  const isNested = isObject(value) || (Array.isArray(value) && value.length > 0);
  if (isNested && Object.keys(value).length > 0) {
    return [...comment, `${indent}${name}:`, ...block(value, shape, `${indent}  `)];
  }
  return [...comment, `${indent}${name}: ${scalar(value)}`];
}

/** The first line of an item begins with its dash; a comment before it stands where the dash does. */
function listItem(item: unknown, shape: Shape | undefined, indent: string): string[] {
  const lines = block(item, shape, `${indent}  `);
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return lines.map((line, index) => {
    if (index > first) return line;
    return `${indent}${index === first ? '- ' : ''}${line.trimStart()}`;
  });
}
