import { z } from 'zod';
import { type Issue, outcomeOf, refusalOf } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';

/**
 * The operation `$validate` (https://hl7.org/fhir/R4/resource-operation-validate.html): judges a resource as a create or update
 * would, by the ledgers too, and keeps and signs nothing.
 */

const parameters = z.looseObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(z.looseObject({ name: z.string(), resource: z.unknown().optional() })).max(10),
});

/** The resource itself, or the one among Parameters. */
function resourceIn(body: unknown): unknown {
  const parsed = parameters.safeParse(body);
  return parsed.success ? parsed.data.parameter.find(({ name }) => name === 'resource')?.resource : body;
}

const fine: Issue = { code: 'informational', severity: 'information', diagnostics: 'nothing speaks against it' };

/** Answers with 200 whatever is found; what is away, or a fault of the connector, is refused as elsewhere. */
export async function validate(one: ResourceType, asked: Asked): Promise<Answer> {
  const issues = await judge(one, { ...asked, body: resourceIn(asked.body) });
  return { status: 200, resource: outcomeOf(issues.length > 0 ? issues : [fine]) };
}

async function judge({ judge: by }: ResourceType, asked: Asked): Promise<readonly Issue[]> {
  try {
    return (await by?.(asked)) ?? [];
  } catch (error) {
    const refused = refusalOf(error);
    if (refused.status >= 500) throw error;
    return refused.issues;
  }
}
