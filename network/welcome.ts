import type { RunFile } from './runFile.ts';

const roleNames: Record<string, string> = {
  doctor: 'Doctor',
  patient: 'Patient',
  pharmacist: 'Pharmacist',
  insurer: 'Insurer',
  supplier: 'Manufacturer, distributor',
  regulator: 'Regulator',
  admin: 'Administrator',
};

/** The order of the list: those who take part in the first journey come first. */
const roleOrder = ['doctor', 'patient', 'pharmacist', 'regulator'];

/** What is printed when the network is up: the address, and one table of people by role with their sign-in. */
export function welcome(run: RunFile, portal: boolean): string {
  const lines: string[] = [];
  if (portal) lines.push(`  Open ${run.urls.portal}`, '');
  if (run.people.length > 0) {
    const place = (role: string) => (roleOrder.includes(role) ? roleOrder.indexOf(role) : roleOrder.length);
    const people = run.people.toSorted((a, b) => place(a.role) - place(b.role));
    const rows = people.map(({ role, name, email, institution }) => [
      roleNames[role] ?? role,
      name,
      email,
      institution,
    ]);
    lines.push(...table([['Role', 'Name', 'Sign in with', 'Institution'], ...rows]));
    const passwords = [...new Set(run.people.map(({ password }) => password))];
    lines.push('', `  Password${passwords.length > 1 ? 's' : ' of everyone'}: ${passwords.join(', ')}`);
    const pins = [...new Set(run.people.flatMap(({ pin }) => pin ?? []))];
    if (pins.length > 0) lines.push(`  Signing PIN${pins.length > 1 ? 's' : ' of everyone'}: ${pins.join(', ')}`);
    if (run.invitation) lines.push(`  Enrol as an invited patient: ${run.invitation}`);
    lines.push('', '  Everyone here is invented. Never use these passwords anywhere else.');
  }
  return lines.join('\n');
}

function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
