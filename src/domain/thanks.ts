/** Thanks reopen nothing, and ask nothing. Thanks with a "but" in it are none: rather ask once too often than close what is not solved. */
export const isThanks = (text: string): boolean =>
  /^\s*(谢谢|多谢|感谢|辛苦|好的|好了|收到|可以了|没问题|thanks|thank you|thx|ok\b|okay|great|got it|works|👍|🙏)/i.test(
    text,
  ) &&
  text.length <= 40 &&
  !DOUBT.test(text);

/** A turn, a question, or a word that something is wrong. */
const DOUBT =
  /[?？]|但|不过|可是|然而|只是|还是|还有|还在|还没|仍|依然|又|再次|不行|不能|不对|没好|报错|错误|失败|异常|(?<!没)问题|慢|\b(?:but|however|still|yet|again|not|isn't|doesn't|don't|can't|cannot|error|errors|fail|fails|failed|failing|wrong|worse|issue|problem|slow|except|although)\b/iu;
