/** Common given names of the United States that are no English words. Knows nothing of surnames or of other countries, and misses rarer names. */

/**
 * Recalled from the Social Security Administration's lists of the most frequent names of a century. Left out: words (Grace, Mark, Rose, Will)
 * and what notes say of places and diseases (Jordan, Virginia, Victoria, Alexander, Albert).
 */
const names = `
James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Matthew Anthony Steven Andrew Joshua Kenneth Kevin Brian
Timothy Ronald Jason George Edward Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory
Patrick Raymond Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah Ethan Jeremy Walter Keith Roger
Terry Sean Gerald Carl Dylan Harold Jesse Bryan Lawrence Arthur Gabriel Bruce Logan Billy Joe Alan Juan Elijah Willie Wayne Randy
Vincent Liam Roy Bobby Caleb Bradley Lucas Carlos Luis Miguel Antonio Pedro Manuel Ahmed Mohammed Muhammad Ali Omar
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa Nancy Sandra Betty Ashley Emily Kimberly Margaret Donna Michelle Carol
Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine
Christine Debra Rachel Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Joyce Lauren Kelly Christina Ruth Joan Judith
Evelyn Hannah Andrea Megan Cheryl Jacqueline Teresa Abigail Sophia Martha Sara Gloria Janice Kathryn Ann Isabella Judy Charlotte Julia Theresa
Marie Jean Beverly Denise Marilyn Danielle Brittany Diana Natalie Jane Alice Alexis Tiffany Kayla Tammy Carmen Rosa Guadalupe Fatima Priya
`;

export const givenNames: readonly string[] = names.split(/\s+/).filter((name) => name !== '');
