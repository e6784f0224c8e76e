public import MadangProgramme

/// How a job's task stands, in words.
public enum JobWords {
  /// `ending` is the closed word of how it ended.
  public static func state(ended ending: String, exitCode: Int64?, _ language: Language) -> String {
    func say(ko: String, en: String) -> String { said(language, ko: ko, en: en) }
    switch ending {
    case "exited":
      let code = exitCode ?? 0
      return code == 0
        ? say(ko: "성공", en: "succeeded")
        : say(ko: "실패(종료 코드 \(code))", en: "failed (exit code \(code))")
    case "timeLimit": return say(ko: "제한 시간 초과", en: "over its time limit")
    case "canceled": return say(ko: "취소됨", en: "canceled")
    case "suspended": return say(ko: "이용정지로 중단됨", en: "ended: its allocation is suspended")
    case "allocationOver": return say(ko: "할당이 끝나 중단됨", en: "ended: its allocation is over")
    case "stopped": return say(ko: "시스템이 끝냄", en: "stopped by the system")
    case "couldNotStart": return say(ko: "시작할 수 없었음", en: "could not start")
    case "neverStarted": return say(ko: "시작된 적 없음", en: "never started")
    case "folderLost":
      return say(
        ko: "작업 폴더가 없어져 끝냄, 결과 알 수 없음",
        en: "ended: its folder was lost, and how it came out")
    case "lost": return say(ko: "알 수 없게 됨", en: "lost")
    default: return ending
    }
  }
}
