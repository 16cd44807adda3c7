/** The ways to what teachers need, from the list of lessons. */
const WAYS = [
  { room: 'make', title: 'Make a lesson', says: 'States of the page become steps; given away as a link or a file.' },
  {
    room: 'answers',
    title: 'Open answers',
    says: 'The codes or files of a class, side by side and beside what is true.',
  },
  { room: 'handout', title: 'Handouts', says: 'Any lesson on paper, for students or with the answers.' },
] as const

export function ForTeachers() {
  return (
    <section aria-labelledby="for-teachers" className="mt-8">
      <h2 id="for-teachers" className="font-medium">
        For teachers
      </h2>
      <ul className="mt-1.5 flex flex-col gap-1.5 text-label">
        {WAYS.map(({ room, title, says }) => (
          <li key={room}>
            <a className="link" data-part={`to-${room}`} href={`#room=${room}`}>
              {title}
            </a>
            <span className="text-muted"> · {says}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
