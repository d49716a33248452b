import { LinkButton } from '#components/ui/Button.tsx';
import { Wordmark } from '#components/ui/Mark.tsx';
import { t } from '#messages/en.ts';

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-4 text-center">
      <Wordmark />
      <h1 className="text-xl font-bold">{t.shell.notFound.title}</h1>
      <p className="max-w-prose text-ink-2">{t.shell.notFound.body}</p>
      <LinkButton href="/" look="primary">
        {t.shell.notFound.action}
      </LinkButton>
    </main>
  );
}
