/** How much of a whole, as a bar with its words. */
export function Meter({ value, max, label }: { value: number; max: number; label: string }) {
  const share = max > 0 ? Math.min(100, Math.max(0, (value / max) * 100)) : 0;
  return (
    <div className="@container">
      <div className="flex flex-col gap-x-3 gap-y-1.5 @md:flex-row @md:items-center">
        <div
          role="progressbar"
          aria-valuenow={value}
          aria-valuemin={0}
          aria-valuemax={max}
          aria-label={label}
          className="h-1.5 w-full overflow-hidden rounded-full bg-line @md:w-auto @md:flex-1"
        >
          <div
            className="h-full rounded-full bg-brand transition-[width] duration-300"
            style={{ width: `${share}%` }}
          />
        </div>
        <span className="text-sm text-ink-2">{label}</span>
      </div>
    </div>
  );
}
