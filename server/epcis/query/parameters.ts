import { inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Vocabulary } from '#epcis/vocabulary.ts';
import { traceEvents } from '../../gateways/db/schema/trace.ts';
import { keyText } from '../../supplyIndexer/json.ts';
import { decimal, instant, listOf, truth, words } from '../api/parameters.ts';
import {
  anyOf,
  contains,
  instantIn,
  numberIn,
  some,
  someMetadata,
  someReport,
  textArray,
  textAt,
  valueAt,
} from './body.ts';
import { bare, isAt, names, spellings } from './epcs.ts';

/** Parameters of the simple event query (EPCIS 2.0, section 8.2.7.1) by name: what each takes, and which events it leaves. */

interface Parameter<Value extends z.ZodType = z.ZodType> {
  schema: Value;
  where: (value: z.output<Value>, name: string) => SQL;
}

const parameter = <Value extends z.ZodType>(
  description: string,
  schema: Value,
  where: (value: z.output<Value>, name: string) => SQL,
): Parameter<Value> => ({ schema: schema.describe(description), where });

export const eventTypes = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
const actions = ['ADD', 'OBSERVE', 'DELETE'] as const;

const isTerm = (vocabulary: Vocabulary, column: SQL) => (values: string[]) =>
  sql`${column} = any(${textArray(values.map((value) => bare(vocabulary, value)))})`;

const quantityLists = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'];
const quantity = (operator: SQL) =>
  parameter('Of some quantity element', decimal, (value) =>
    some(quantityLists, sql`${numberIn(sql`it -> 'quantity'`)} ${operator} ${value}::numeric`),
  );

const classes = (description: string, lists: string[]) =>
  parameter(description, words, (values) => {
    const spelt = textArray(values.flatMap(spellings));
    return some(lists, sql`it ->> 'epcClass' = any(${spelt})`);
  });

const errorTime = instantIn(textAt('errorDeclaration', 'declarationTime'));

/** Attributes of sensor reports that are equal to one of the values. */
const report = (attribute: string, description: string) =>
  parameter(description, words, (values) => someReport(sql`report ->> ${attribute}::text = any(${textArray(values)})`));
const reportOrMetadata = (attribute: string, description: string) =>
  parameter(description, words, (values) => {
    const equal = sql`report ->> ${attribute}::text = any(${textArray(values)})`;
    return anyOf([someReport(equal), someMetadata(equal)]);
  });
const metadataTime = (attribute: string, operator: SQL) =>
  parameter(`${attribute} of some sensor metadata`, instant, (value) =>
    someMetadata(sql`${instantIn(sql`report ->> ${attribute}::text`)} ${operator} ${value}::timestamptz`),
  );

const later = sql`>=`;
const earlier = sql`<`;

export const eventParameters = {
  eventType: parameter('Types of events', listOf(z.enum(eventTypes)), (values) => inArray(traceEvents.type, values)),
  GE_eventTime: parameter(
    'Happened then or later',
    instant,
    (at) => sql`${traceEvents.eventTime} >= ${at}::timestamptz`,
  ),
  LT_eventTime: parameter('Happened before', instant, (at) => sql`${traceEvents.eventTime} < ${at}::timestamptz`),
  GE_recordTime: parameter(
    'Recorded then or later',
    instant,
    (at) => sql`${traceEvents.recordTime} >= ${at}::timestamptz`,
  ),
  LT_recordTime: parameter('Recorded before', instant, (at) => sql`${traceEvents.recordTime} < ${at}::timestamptz`),
  EQ_action: parameter('Actions', listOf(z.enum(actions)), (values) => inArray(traceEvents.action, values)),
  EQ_bizStep: parameter('Business steps, bare or as URIs', words, isTerm('bizStep', sql`${traceEvents.bizStep}`)),
  EQ_disposition: parameter('Dispositions', words, isTerm('disposition', sql`${traceEvents.disposition}`)),
  EQ_persistentDisposition_set: parameter('Dispositions set to stay', words, (values) =>
    anyOf(values.map((value) => contains({ persistentDisposition: { set: [bare('disposition', value)] } }))),
  ),
  EQ_persistentDisposition_unset: parameter('Dispositions that no longer hold', words, (values) =>
    anyOf(values.map((value) => contains({ persistentDisposition: { unset: [bare('disposition', value)] } }))),
  ),
  EQ_readPoint: parameter('Read points', words, (values) => isAt('readPoint', values, false)),
  WD_readPoint: parameter('Read points, and parts of these places', words, (values) => isAt('readPoint', values, true)),
  EQ_bizLocation: parameter('Places where things are afterwards', words, (values) =>
    isAt('bizLocation', values, false),
  ),
  WD_bizLocation: parameter('The same, and parts of these places', words, (values) =>
    isAt('bizLocation', values, true),
  ),
  EQ_transformationID: parameter(
    'Transformations',
    words,
    (values) => sql`${textAt('transformationID')} = any(${textArray(values)})`,
  ),
  MATCH_epc: parameter('EPCs, or patterns of one GTIN, of epcList or childEPCs', words, (values, name) =>
    names(name, values, ['epc', 'child']),
  ),
  MATCH_parentID: parameter('Parents', words, (values, name) => names(name, values, ['parent'])),
  MATCH_inputEPC: parameter('EPCs that a transformation used', words, (values, name) => names(name, values, ['input'])),
  MATCH_outputEPC: parameter('EPCs that a transformation made', words, (values, name) =>
    names(name, values, ['output']),
  ),
  MATCH_anyEPC: parameter('EPCs of any list', words, (values, name) =>
    names(name, values, ['epc', 'parent', 'child', 'input', 'output']),
  ),
  MATCH_epcClass: classes('Classes of quantityList or childQuantityList', ['quantityList', 'childQuantityList']),
  MATCH_inputEPCClass: classes('Classes that a transformation used', ['inputQuantityList']),
  MATCH_outputEPCClass: classes('Classes that a transformation made', ['outputQuantityList']),
  MATCH_anyEPCClass: classes('Classes of any list', quantityLists),
  EQ_quantity: quantity(sql`=`),
  GT_quantity: quantity(sql`>`),
  GE_quantity: quantity(sql`>=`),
  LT_quantity: quantity(sql`<`),
  LE_quantity: quantity(sql`<=`),
  EQ_eventID: parameter('Ids of events', words, (values) => inArray(traceEvents.eventId, values.map(keyText))),
  EXISTS_errorDeclaration: parameter('With true, only error declarations', truth, (wanted) =>
    wanted ? sql`${valueAt('errorDeclaration')} is not null` : sql`true`,
  ),
  GE_errorDeclarationTime: parameter(
    'Declared wrong then or later',
    instant,
    (at) => sql`${errorTime} >= ${at}::timestamptz`,
  ),
  LT_errorDeclarationTime: parameter('Declared wrong before', instant, (at) => sql`${errorTime} < ${at}::timestamptz`),
  EQ_errorReason: parameter('Why it was declared wrong', words, (values) => {
    const asked = values.flatMap((value) => [value, bare('errorReason', value)]);
    return sql`${textAt('errorDeclaration', 'reason')} = any(${textArray(asked)})`;
  }),
  EQ_correctiveEventID: parameter('Events that correct it', words, (values) =>
    anyOf(values.map((value) => contains({ errorDeclaration: { correctiveEventIDs: [value] } }))),
  ),
  GE_startTime: metadataTime('startTime', later),
  LT_startTime: metadataTime('startTime', earlier),
  GE_endTime: metadataTime('endTime', later),
  LT_endTime: metadataTime('endTime', earlier),
  EQ_type: report('type', 'What some sensor measured, for example Temperature'),
  EQ_deviceID: reportOrMetadata('deviceID', 'Devices that measured'),
  EQ_dataProcessingMethod: reportOrMetadata('dataProcessingMethod', 'How readings were processed'),
  EQ_bizRules: reportOrMetadata('bizRules', 'Business rules of readings'),
  EQ_microorganism: report('microorganism', 'Microorganisms that were found'),
  EQ_chemicalSubstance: report('chemicalSubstance', 'Substances that were found'),
  EQ_stringValue: report('stringValue', 'Readings that are words'),
  EQ_hexBinaryValue: report('hexBinaryValue', 'Readings that are bytes'),
  EQ_uriValue: report('uriValue', 'Readings that are URIs'),
  EQ_booleanValue: parameter('Readings that are true or false', truth, (value) =>
    someReport(sql`report -> 'booleanValue' = ${JSON.stringify(value)}::jsonb`),
  ),
} as const;

const isEventParameter = (name: string): name is keyof typeof eventParameters => Object.hasOwn(eventParameters, name);

/** The schemas alone, as the shape of a zod object. */
export const eventShape: Readonly<Record<string, z.ZodOptional<z.ZodType>>> = Object.fromEntries(
  Object.entries(eventParameters).map(([name, { schema }]) => [name, schema.optional()]),
);

/** The conditions of those parameters that are there; anything else in the query is no condition. */
export function conditionsOf(query: Readonly<Record<string, unknown>>): SQL[] {
  return Object.entries(query).flatMap(([name, value]) => {
    if (!isEventParameter(name) || value === undefined) return [];
    const found: Parameter = eventParameters[name];
    return [found.where(value, name)];
  });
}
