import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { acceptSettings, enrolDevice } from './enrolment.ts';
import { StateFolder } from './folder.ts';

const usage = `node device/main.ts enrol FOLDER --model NAME --serial NUMBER [--purpose sensor|hub] [--firmware VERSION]
  makes the device's keys and prints the file for the admin of its institution

node device/main.ts accept FOLDER FILE
  takes the file that the admin gives back, with which the device is enrolled`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    serial: { type: 'string' },
    purpose: { type: 'string' },
    firmware: { type: 'string' },
  },
});
const [command, path, file] = positionals;

try {
  if (command === 'enrol' && path !== undefined && values.model !== undefined && values.serial !== undefined) {
    const { model, serial: serialNumber, firmware } = values;
    const purpose = values.purpose === 'sensor' ? 'sensor' : 'hub';
    const folder = await StateFolder.open(path);
    await enrolDevice(folder, { model, serialNumber, purpose, ...(firmware !== undefined && { firmware }) });
    console.log(`Give ${folder.file('request.json')} to the admin of the device's institution.`);
  } else if (command === 'accept' && path !== undefined && file !== undefined) {
    const settings = await acceptSettings(await StateFolder.open(path), JSON.parse(readFileSync(file, 'utf8')));
    console.log(`It is ${settings.device}. A patient can let it in by this number.`);
  } else {
    console.error(usage);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
