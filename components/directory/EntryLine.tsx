import { Avatar } from '#components/ui/Avatar.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { DirectoryEntry } from '#server/directory/schema.ts';

const text = t.directory;

const standings = {
  enrolled: 'ok',
  registered: 'info',
  invited: 'neutral',
  waiting: 'warn',
} as const satisfies Record<string, Tone>;

/** How an entry stands: with keys, without, or somebody for whom others act. */
export function standingOf({ enrolled, ward }: DirectoryEntry): keyof typeof standings {
  return ward ?? (enrolled ? 'enrolled' : 'invited');
}

/** Who somebody in the directory is. */
export function EntryLine({ entry }: { entry: DirectoryEntry }) {
  const { name, birthDate, identifier } = entry;
  const about = [...(birthDate === '' ? [] : [text.born(formatBirthDate(birthDate))]), identifier];
  const standing = standingOf(entry);
  return (
    <div className="flex min-w-0 flex-1 basis-64 items-center gap-3">
      <Avatar name={name} />
      <div className="min-w-0">
        <p className="font-bold break-words">{name}</p>
        <p className="text-sm text-ink-2">{about.filter(Boolean).join(' · ')}</p>
        <Pill tone={standings[standing]}>{text.states[standing]}</Pill>
      </div>
    </div>
  );
}
