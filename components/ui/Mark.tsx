/** The mark: four threads crossed by two, each chain a thread. */
export function Mark({ size = 28, className }: { size?: number; className?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 28 28"
      fill="none"
      strokeWidth="2.6"
      strokeLinecap="round"
      aria-hidden="true"
      className={className}
    >
      <path d="M2.5 10.5h23M2.5 18h23" className="stroke-ink" />
      <path d="M6.5 3v22" className="stroke-thread-1" />
      <path d="M12 3v22" className="stroke-thread-2" />
      <path d="M17 3v22" className="stroke-thread-3" />
      <path d="M22 3v22" className="stroke-thread-4" />
      {/* The weave: the upper thread passes over the first and third, the lower one over the second and fourth. */}
      <path d="M4.8 10.5h3.4M15.3 10.5h3.4M10.3 18h3.4M20.3 18h3.4" className="stroke-ink" strokeLinecap="butt" />
    </svg>
  );
}

export function Wordmark({ size = 28 }: { size?: number }) {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark size={size} />
      <span className="text-lg font-bold tracking-tight text-ink">Medloom</span>
    </span>
  );
}
