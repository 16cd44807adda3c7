/** Lessons: what the other folders use. */
export { parseLesson, LESSON_CHARACTERS, TEACHER } from './parse'
export { lessonText } from './write'
export { bodyOf } from './markdown'
export { factsOf, holds, parseCondition, type Condition, type Facts } from './condition'
export { conditionFault } from './blocks/find'
export { factNamed, facts, type FactInfo } from './facts'
export * from './types'
export { presetsInForce } from './place'
export { belongs, isOpen, isRight, lessonId, noAnswers, parseAnswers, type Answer, type Answers } from './answers'
export { isPacked, packed, PACKED_CHARACTERS, unpacked } from './packed'
export {
  boundsOf,
  byAsMany,
  compared,
  heightAt,
  heightsOf,
  KNOTS,
  partOf,
  places,
  SHAPE_WORDS,
  type Point,
} from './curve'
export { readSheets, sheetCode, sheetFile, type Handed } from './handed'
export { gather, histogram, shapesOf, withoutTwins, type Gathered, type Said, type Summary } from './gathered'
export {
  draftMistakes,
  draftOf,
  draftText,
  NEW_DRAFT,
  newStep,
  parseDraft,
  type Draft,
  type DraftMistake,
  type DraftStep,
} from './draft'
export { parseListed, type ListedLesson } from './listed'
