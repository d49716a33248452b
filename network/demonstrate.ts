import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { prepareDemonstration } from './demonstration/prepare.ts';
import { softwareSites } from './demonstration/software.ts';
import { StepError } from './step.ts';

/**
 * Prepares the demonstration in a process of its own, which gives its memory back. Reads its settings from the JSON file that
 * the command line names and prints one line of JSON: the people and an invitation.
 */
const options = z.object({
  settings: z.record(z.string(), z.string()),
  connectorProfile: z.string(),
  file: z.string(),
  software: z.object({ devices: z.record(z.enum(softwareSites), z.string()), exampleFile: z.string() }),
});

try {
  const demonstration = await prepareDemonstration(
    options.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))),
  );
  process.stdout.write(`${JSON.stringify({ ready: true, ...demonstration })}\n`, () => process.exit(0));
} catch (error) {
  console.error(error instanceof StepError ? error.message : error);
  process.exit(1);
}
