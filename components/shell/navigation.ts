import {
  Activity,
  BadgeCheck,
  BellRing,
  Boxes,
  Building2,
  ChartColumn,
  ClipboardList,
  Eye,
  Factory,
  FileText,
  FileUp,
  HandCoins,
  HandHeart,
  HeartPulse,
  History,
  IdCard,
  Inbox,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MapPin,
  MessageSquareWarning,
  NotebookPen,
  NotebookText,
  OctagonAlert,
  PackageCheck,
  PackagePlus,
  Pill,
  Radio,
  ReceiptText,
  Route,
  ScanLine,
  ScrollText,
  ShieldAlert,
  ShieldCheck,
  Siren,
  Sun,
  Truck,
  Undo2,
  Users,
  Workflow,
} from 'lucide-react';
import { t } from '#messages/en.ts';
import type { Role } from '#server/people/schema.ts';

export interface Destination {
  href: string;
  label: string;
  icon: LucideIcon;
}

const text = t.shell.navigation;

/** The rooms of each role; the first is where the person arrives. */
export const destinations: Record<Role, [Destination, ...Destination[]]> = {
  doctor: [
    { href: '/doctor', label: text.today, icon: Sun },
    { href: '/doctor/patients', label: text.patients, icon: Users },
    { href: '/doctor/monitoring', label: text.monitoring, icon: HeartPulse },
    { href: '/doctor/prescribe', label: text.prescribe, icon: Pill },
    { href: '/doctor/prescriptions', label: text.prescriptions, icon: FileText },
    { href: '/doctor/billing', label: text.billing, icon: ReceiptText },
    { href: '/report', label: text.report, icon: MessageSquareWarning },
  ],
  patient: [
    { href: '/patient', label: text.medicines, icon: Pill },
    { href: '/patient/record', label: text.record, icon: NotebookText },
    { href: '/patient/readings', label: text.readings, icon: HeartPulse },
    { href: '/patient/sharing', label: text.sharing, icon: ShieldCheck },
    { href: '/patient/log', label: text.log, icon: Eye },
    { href: '/patient/insurance', label: text.bills, icon: ReceiptText },
    { href: '/patient/history', label: text.history, icon: History },
  ],
  pharmacist: [
    { href: '/pharmacy', label: text.dispense, icon: ScanLine },
    { href: '/pharmacy/held', label: text.held, icon: Inbox },
    { href: '/pharmacy/claims', label: text.claims, icon: ReceiptText },
    { href: '/pharmacy/downtime', label: text.downtime, icon: NotebookPen },
    { href: '/pharmacy/deliveries', label: text.deliveries, icon: Truck },
    { href: '/pharmacy/verify', label: text.verify, icon: BadgeCheck },
    { href: '/pharmacy/stock', label: text.stock, icon: Boxes },
    { href: '/pharmacy/trace', label: text.trace, icon: History },
    { href: '/pharmacy/returns', label: text.returns, icon: Undo2 },
    { href: '/pharmacy/recalls', label: text.recalls, icon: Siren },
    { href: '/pharmacy/files', label: text.files, icon: FileUp },
    { href: '/report', label: text.report, icon: MessageSquareWarning },
  ],
  insurer: [
    { href: '/insurer', label: text.claims, icon: ReceiptText },
    { href: '/insurer/policies', label: text.policies, icon: IdCard },
    { href: '/insurer/plans', label: text.plans, icon: ScrollText },
    { href: '/insurer/payouts', label: text.payouts, icon: HandCoins },
    { href: '/insurer/figures', label: text.claimFigures, icon: ChartColumn },
    { href: '/insurer/chains', label: text.chains, icon: Activity },
  ],
  supplier: [
    { href: '/supply', label: text.today, icon: Sun },
    { href: '/supply/pack', label: text.pack, icon: PackagePlus },
    { href: '/supply/ship', label: text.ship, icon: Truck },
    { href: '/supply/receive', label: text.receive, icon: PackageCheck },
    { href: '/supply/stock', label: text.stock, icon: Boxes },
    { href: '/supply/batches', label: text.batches, icon: Factory },
    { href: '/supply/products', label: text.products, icon: Pill },
    { href: '/supply/verify', label: text.verify, icon: BadgeCheck },
    { href: '/supply/trace', label: text.trace, icon: History },
    { href: '/supply/returns', label: text.returns, icon: Undo2 },
    { href: '/supply/recalls', label: text.recalls, icon: Siren },
    { href: '/supply/files', label: text.files, icon: FileUp },
    { href: '/supply/chains', label: text.chains, icon: Activity },
  ],
  regulator: [
    { href: '/regulator', label: text.medicineSupply, icon: LayoutDashboard },
    { href: '/regulator/alerts', label: text.alerts, icon: BellRing },
    { href: '/regulator/trace', label: text.tracePack, icon: Route },
    { href: '/regulator/recalls', label: text.recalls, icon: OctagonAlert },
    { href: '/regulator/institutions', label: text.institutions, icon: Building2 },
    { href: '/regulator/adverse-events', label: text.adverseEvents, icon: MessageSquareWarning },
    { href: '/regulator/controlled', label: text.controlled, icon: ShieldAlert },
    { href: '/regulator/fund', label: text.fund, icon: HandHeart },
    { href: '/regulator/formulary', label: text.formulary, icon: ListChecks },
    { href: '/regulator/emergencies', label: text.emergencies, icon: Siren },
    { href: '/regulator/activity', label: text.activity, icon: Radio },
    { href: '/regulator/ledgers', label: text.ledgers, icon: Activity },
  ],
  admin: [
    { href: '/admin', label: text.people, icon: ClipboardList },
    { href: '/admin/patients', label: text.patients, icon: Users },
    { href: '/admin/devices', label: text.devices, icon: HeartPulse },
    { href: '/admin/delegations', label: text.delegations, icon: Workflow },
    { href: '/admin/places', label: text.places, icon: MapPin },
    { href: '/admin/formulary', label: text.formulary, icon: ListChecks },
    { href: '/admin/emergencies', label: text.emergencies, icon: Siren },
    { href: '/admin/institution', label: text.institution, icon: Building2 },
    { href: '/admin/ledgers', label: text.ledgers, icon: Activity },
  ],
};

/** The room of everybody: own keys and wallets. */
export const keysAddress = '/keys';

/** Where a person of this role arrives. */
export function homeOf(role: Role): string {
  return destinations[role][0].href;
}

/** The destination that a path lies in: the longest address that it begins with. */
export function currentOf(role: Role, path: string): string | undefined {
  return destinations[role]
    .map(({ href }) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** So many places a phone's bar has, and so many letters a name may have where all six are taken. */
const mostPlaces = 6;
const longestName = 10;

/** The rooms that a phone's bar shows, and those that its last place opens where there are too many. */
export function underThumb(role: Role): { shown: Destination[]; more: Destination[] } {
  const rooms = destinations[role];
  const isTight = rooms.length === mostPlaces && rooms.some(({ label }) => label.length > longestName);
  const places = rooms.length > mostPlaces || isTight ? mostPlaces - 2 : rooms.length;
  return { shown: rooms.slice(0, places), more: rooms.slice(places) };
}
