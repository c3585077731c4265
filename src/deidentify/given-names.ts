/** Common given names of the United States that are no English words. Knows nothing of surnames or of other countries, and misses rarer names. */

/** From memory of the Social Security Administration's lists of the century's most frequent names; words such as Grace, Mark, Rose or Will left out. */
const names = `
James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Matthew Anthony Steven Andrew Joshua Kenneth Kevin Brian
Timothy Ronald Jason George Edward Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander
Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah Ethan Jeremy Walter Christian Keith Austin Roger
Terry Sean Gerald Carl Dylan Harold Jordan Jesse Bryan Lawrence Arthur Gabriel Bruce Logan Billy Joe Alan Juan Elijah Willie Albert Wayne Randy Mason
Vincent Liam Roy Bobby Caleb Bradley Russell Lucas Carlos Luis Miguel Antonio Pedro Manuel Ahmed Mohammed Muhammad Ali Omar
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa Nancy Sandra Betty Ashley Emily Kimberly Margaret Donna Michelle Carol
Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine
Christine Debra Rachel Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly Christina Ruth Joan Virginia Judith
Evelyn Hannah Andrea Megan Cheryl Jacqueline Madison Teresa Abigail Sophia Martha Sara Gloria Janice Kathryn Ann Isabella Judy Charlotte Julia Theresa
Marie Jean Beverly Denise Marilyn Amber Danielle Brittany Diana Natalie Jane Alice Alexis Tiffany Kayla Tammy Carmen Rosa Guadalupe Fatima Wei Priya
`;
/** Given names that are also diseases', places' or people's words in notes ("Jordan", "Virginia", "Christian", "Logan"): too common as such. */
const alsoWords = new Set([
  'Jordan',
  'Virginia',
  'Christian',
  'Austin',
  'Madison',
  'Mason',
  'Amber',
  'Victoria',
  'Jack',
  'Wei',
  'Alexander',
  'Russell',
  'Albert',
]);

export const givenNames: readonly string[] = names.split(/\s+/).filter((name) => name !== '' && !alsoWords.has(name));
