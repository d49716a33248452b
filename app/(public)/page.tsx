import { Building2, HandHeart, LogIn } from 'lucide-react';
import { redirect } from 'next/navigation';
import { Weave } from '#components/landing/Weave.tsx';
import { homeOf } from '#components/shell/navigation.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

const text = t.public.landing;

export default async function LandingPage() {
  const actor = await readActor();
  if (actor) redirect(homeOf(actor.role));
  return (
    <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[76rem] flex-1 px-4 pb-12 outline-none sm:px-8">
      <div className="grid items-center gap-x-14 gap-y-10 pt-6 lg:grid-cols-[1fr_1.15fr] lg:pt-14">
        <div>
          <h1 className="text-3xl font-bold tracking-tight sm:text-[2.75rem] sm:leading-[1.08]">{text.headline}</h1>
          <p className="mt-5 max-w-[34rem] text-lg text-ink-2">{text.lead}</p>
          <div className="mt-7 flex flex-wrap gap-3">
            <LinkButton href="/sign-in" look="primary" size="lg" icon={LogIn}>
              {text.signIn}
            </LinkButton>
            <LinkButton href="/join" look="quiet" size="lg" icon={Building2}>
              {t.registry.join.link}
            </LinkButton>
            <LinkButton href="/fund" look="quiet" size="lg" icon={HandHeart}>
              {t.fund.title}
            </LinkButton>
          </div>
        </div>
        <Weave />
      </div>
      <ul className="mt-12 grid gap-x-10 gap-y-6 border-t border-line pt-8 sm:grid-cols-3 lg:mt-16">
        {text.points.map((point) => (
          <li key={point.title}>
            <h2 className="font-bold">{point.title}</h2>
            <p className="mt-1 text-sm text-ink-2">{point.body}</p>
          </li>
        ))}
      </ul>
    </main>
  );
}
