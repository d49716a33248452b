import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writtenFhir } from './written.ts';

/**
 * `npm run check:fhir`: what Medloom writes of FHIR, validated against the specification by HAPI. Needs Java 17 and, the first
 * time, Maven; without them it says why it is skipped.
 */

const here = import.meta.dirname;
const kept = join(here, '..', '..', '.medloom', 'fhir-validation');
const classPathFile = join(kept, 'classpath.txt');

/** The validator's class path, fetched once. Answers why it cannot be had. */
function classPath(): { classPath: string } | { missing: string } {
  if (spawnSync('java', ['-version']).status !== 0) return { missing: 'there is no Java' };
  if (!existsSync(classPathFile)) {
    if (spawnSync('mvn', ['-version']).status !== 0)
      return { missing: 'there is no Maven to fetch the validator with' };
    mkdirSync(kept, { recursive: true });
    const options = ['-q', '-B', '-f', join(here, 'pom.xml'), 'dependency:build-classpath'];
    const fetched = spawnSync('mvn', [...options, `-Dmdep.outputFile=${classPathFile}`], { encoding: 'utf8' });
    if (fetched.status !== 0) return { missing: `Maven did not fetch the validator: ${fetched.stdout.slice(0, 300)}` };
  }
  return { classPath: readFileSync(classPathFile, 'utf8').trim() };
}

function validate(validator: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-fhir-'));
  try {
    const written = writtenFhir(new Date());
    for (const [name, text] of written) writeFileSync(join(folder, `${name}.json`), text);
    const options = ['-Xmx1g', '-cp', validator, join(here, 'Validate.java'), folder];
    const run = spawnSync('java', options, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const lines = run.stdout.split('\n').map((line) => line.split('\t'));
    if (run.status !== 0 || !lines.some(([first, count]) => first === 'validated' && count === String(written.size))) {
      console.error(run.stderr);
      return 1;
    }
    const errors = lines.filter((line) => line.length === 3);
    for (const [file, place, message] of errors) console.error(`${file} ${place}: ${message}`);
    const failed = new Set(errors.map(([file]) => file)).size;
    console.log(`${written.size - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = classPath();
if ('missing' in found) console.log(`skipped: ${found.missing}`);
else process.exitCode = validate(found.classPath);
