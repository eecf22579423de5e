interface Bar {
  /** What it says to those who point at it. */
  label: string;
  value: number;
}

const HEIGHT = 100;
/** What a bar takes of a step: the rest is the gap. */
const [STEP, WIDTH] = [10, 7];
/** Something is to be seen where there was nothing, so that days can be counted. */
const LEAST = 2;

/** How something went, a bar each. The exact numbers stand beside it in words: a picture is not read. */
export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${bars.length * STEP - (STEP - WIDTH)} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-20 w-full"
    >
      {bars.map(({ label: said, value }, index) => {
        const height = Math.max(LEAST, (value / highest) * HEIGHT);
        return (
          <rect
            key={said}
            x={index * STEP}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
            className={value > 0 ? 'fill-accent' : 'fill-line-strong'}
          >
            <title>{said}</title>
          </rect>
        );
      })}
    </svg>
  );
}
