import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { FamilyMember, NameFamily } from '../api/operation.ts';
import { decimal, instant, listOf, word, words } from '../api/parameters.ts';
import { anyOf, compared, comparisonOf, contains, numberIn, someReport, textArray, valueAt } from './body.ts';
import { bare, spellings } from './epcs.ts';
import { convertedTo } from './units.ts';

/** Parameters whose names have a part of their own (EPCIS 2.0, section 8.2.7.1). */

interface Family extends NameFamily {
  where: (parts: readonly string[], value: unknown) => SQL;
}

/** Ties what a family's schema reads to what its condition takes. */
function family<Value extends z.ZodType>(
  definition: Omit<NameFamily, 'schema'> & {
    schema: Value;
    where: (parts: readonly string[], value: z.output<Value>) => SQL;
  },
): Family {
  const { schema, where, ...rest } = definition;
  return { ...rest, schema, where: (parts, value) => where(parts, schema.parse(value)) };
}

const ofType =
  (list: string, member: string, vocabulary: 'bizTransactionType' | 'sourceDestinationType') =>
  ([type = '']: readonly string[], values: string[]): SQL =>
    anyOf(
      values
        .flatMap(spellings)
        .map((value) => contains({ [list]: [{ type: bare(vocabulary, type), [member]: value }] })),
    );

const qualified = '[A-Za-z][A-Za-z0-9._-]{0,63}:[A-Za-z0-9._-]{1,128}';
const oneOf = z.union([decimal, instant]).describe('A number, or an instant with its offset');

export const families: readonly Family[] = [
  family({
    pattern: /^EQ_bizTransaction_(.{1,256})$/,
    example: 'EQ_bizTransaction_po',
    description: 'Business transactions of a type',
    schema: words,
    where: ofType('bizTransactionList', 'bizTransaction', 'bizTransactionType'),
  }),
  family({
    pattern: /^EQ_source_(.{1,256})$/,
    example: 'EQ_source_possessing_party',
    description: 'Sources of a type',
    schema: words,
    where: ofType('sourceList', 'source', 'sourceDestinationType'),
  }),
  family({
    pattern: /^EQ_destination_(.{1,256})$/,
    example: 'EQ_destination_possessing_party',
    description: 'Destinations of a type',
    schema: words,
    where: ofType('destinationList', 'destination', 'sourceDestinationType'),
  }),
  family({
    pattern: /^EQ_(value|minValue|maxValue|meanValue|sDev|percValue)_([A-Z0-9]{2,3})$/,
    example: 'EQ_value_CEL',
    description: 'Some sensor report has one of these values in this unit; other units of the dimension are converted',
    schema: listOf(decimal),
    where: ([attribute = '', unit = ''], values) =>
      someReport(anyOf(values.map((value) => sql`${reading(attribute, unit)} = ${value}::numeric`))),
  }),
  family({
    pattern: /^(GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue)_([A-Z0-9]{2,3})$/,
    example: 'GE_value_CEL',
    description: 'Some sensor report has such a value in this unit; other units of the dimension are converted',
    schema: decimal,
    where: ([letters, attribute = '', unit = ''], value) =>
      someReport(sql`${reading(attribute, unit)} ${comparisonOf(letters)} ${value}::numeric`),
  }),
  family({
    pattern: new RegExp(`^EXISTS_(ILMD_)?(${qualified})$`),
    example: 'EXISTS_ILMD_cbvmda:lotNumber',
    description: 'The event, or its ilmd, has this field',
    schema: z.string().max(20),
    where: ([ilmd, field = '']) => sql`${fieldOf(ilmd, field)} is not null`,
  }),
  family({
    pattern: new RegExp(`^EQ_(ILMD_)?(${qualified})$`),
    example: 'EQ_ILMD_cbvmda:lotNumber',
    description: 'This field of the event, or of its ilmd, is one of these',
    schema: words,
    where: ([ilmd, field = ''], values) => sql`${fieldOf(ilmd, field)} #>> '{}' = any(${textArray(values)})`,
  }),
  family({
    pattern: new RegExp(`^(GT|GE|LT|LE)_(ILMD_)?(${qualified})$`),
    example: 'LT_ILMD_cbvmda:itemExpirationDate',
    description: 'This field of the event, or of its ilmd, compared as a number or an instant',
    schema: oneOf,
    where: ([letters, ilmd, field = ''], value) =>
      compared(letters, fieldOf(ilmd, field), z.union([z.number(), word]).parse(value)),
  }),
];

const reading = (attribute: string, unit: string): SQL =>
  convertedTo(unit, numberIn(sql`report -> ${attribute}::text`), sql`report ->> 'uom'`);

const fieldOf = (ilmd: string | undefined, field: string): SQL =>
  ilmd === undefined ? valueAt(field) : valueAt('ilmd', field);

/** The conditions of parameters of these families. */
export function familyConditions(members: readonly FamilyMember[]): SQL[] {
  return members.flatMap(({ family: asked, parts, value }) => {
    const found = families.find((one) => one.pattern === asked.pattern);
    return found === undefined ? [] : [found.where(parts, value)];
  });
}
