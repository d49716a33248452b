import { z } from 'zod';
import { searchSet } from '#fhir/r4/bundle.ts';
import { capabilityStatement } from '#fhir/r4/capabilityStatement.ts';
import { medication } from '#fhir/r4/medication.ts';
import { medicationDispense } from '#fhir/r4/medicationDispense.ts';
import { medicationRequest } from '#fhir/r4/medicationRequest.ts';
import { operationOutcome } from '#fhir/r4/operationOutcome.ts';
import { task } from '#fhir/r4/task.ts';

/** Checks of what leaves the connector against the shapes of FHIR R4. */

const shapes: Readonly<Record<string, z.ZodType>> = {
  Medication: medication,
  MedicationDispense: medicationDispense,
  MedicationRequest: medicationRequest,
  OperationOutcome: operationOutcome,
  CapabilityStatement: capabilityStatement,
  Task: task,
  Bundle: searchSet,
};

const typed = z.looseObject({
  resourceType: z.string(),
  entry: z.array(z.looseObject({ resource: z.unknown() })).optional(),
});

/** Throws what is wrong with a resource, or one in a bundle; answers it. */
export function checkAnswer<T>(answer: T): T {
  const { resourceType, entry } = typed.parse(answer);
  const shape = shapes[resourceType];
  if (!shape) throw new Error(`no shape of ${resourceType}`);
  shape.parse(answer);
  for (const { resource } of entry ?? []) checkAnswer(resource);
  return answer;
}
